//! Large and endless bodies: a form with a file, an answer read piece by piece, server-sent events.
//!
//! ```sh
//! cargo swarm -p streams --demo --headless -u 5 -r 5 -t 5s
//! ```

use swarm_core::prelude::*;

/// What is uploaded; a real one would come by `include_bytes!("cat.png")`.
static PHOTO: [u8; 100_000] = [7; 100_000];

/// Sends and receives more than pages.
#[user(wait = constant(100ms))]
pub struct Streamer {
    client: HttpClient,
    bytes_read: usize,
}

#[tasks]
impl Streamer {
    #[task]
    async fn upload_a_photo(&mut self) -> TaskResult {
        let form = MultipartForm::new().text("title", "My cat").file(
            "photo",
            "cat.png",
            "image/png",
            &PHOTO[..],
        );
        let received = self.client.post("/upload").multipart(&form).await?;
        (received.at::<usize>("/bytes")? > PHOTO.len()).or_fail("not the whole photo")?;
        Ok(())
    }

    /// Nothing is kept, so that the answer may be larger than the memory.
    #[task]
    async fn read_piece_by_piece(&mut self) -> TaskResult {
        let lines = self.client.get("/lines").query(&[("count", 20), ("ms", 10)]).name("/lines");
        let mut lines = lines.stream().await?;
        while let Some(piece) = lines.chunk().await? {
            self.bytes_read += piece.len();
        }
        Ok(())
    }

    /// An answer that has no end, or too late a one, is closed.
    #[task]
    async fn watch_prices(&mut self) -> TaskResult {
        let prices = self.client.get("/prices?count=1000&ms=50").name("/prices");
        let mut prices = prices.header("accept", "text/event-stream").stream().await?;
        for _ in 0..5 {
            let price = prices.event().await?.or_fail("the server stopped")?;
            (price.event == "price").or_fail("another event")?;
            price.data.parse::<f64>()?;
        }
        prices.close();
        Ok(())
    }
}
