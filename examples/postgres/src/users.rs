//! Who asks the database.

use crate::database::Database;
use swarm_core::prelude::*;

/// Takes orders, and looks up what is ordered most.
#[user(wait = between(10ms, 50ms))]
pub struct Clerk {
    database: Database,
    probe: Probe,
    context: Context,
}

#[tasks]
impl Clerk {
    #[task(3)]
    async fn take_an_order(&mut self) -> TaskResult {
        let number = |most| self.context.random(|random| random.number(1..=most) as i32);
        let (item, pieces) = (number(9), number(20));
        let insert = "insert into orders (item, pieces) values ($1, $2)";
        self.database.query("take an order", insert, &[&item, &pieces]).await?;
        self.probe.count("orders", 1);
        self.probe.trend("pieces_per_order", pieces.into());
        Ok(())
    }

    #[task]
    async fn look_up_the_favourite(&mut self) -> TaskResult {
        let select = "select item, sum(pieces) from orders group by item order by 2 desc limit 1";
        let rows = self.database.query("favourite", select, &[]).await?;
        if let Some(favourite) = rows.first() {
            self.probe.gauge("pieces_of_the_favourite", favourite.try_get::<_, i64>(1)? as f64);
        }
        Ok(())
    }
}
