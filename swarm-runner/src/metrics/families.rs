//! The families, made of a snapshot.

use super::family::Family;
use super::{of_requests, of_run, of_tasks};
use swarm_core::engine::Snapshot;

/// All that a run shows at the moment of a snapshot with histograms; before there are figures, how far it is.
pub(crate) fn families(snapshot: &Snapshot) -> Vec<Family> {
    let mut families = of_run::state(snapshot);
    let Some((report, histograms)) = snapshot.report.as_ref().zip(snapshot.histograms.as_ref())
    else {
        return families;
    };
    families.extend(of_run::run(snapshot.run, report));
    families.extend(of_tasks::classes(report));
    families.extend(of_requests::families(report, histograms));
    families.extend(of_tasks::tasks(report, histograms));
    families.extend(of_run::wire(report));
    families.push(of_run::thresholds(report));
    families.extend(of_tasks::custom(report));
    families.extend(of_run::generator(snapshot, report));
    families
}
