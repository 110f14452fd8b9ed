//! Whether runs can be compared at all.

use crate::judge::Validity;
use crate::plan::ClassSpec;
use crate::report::Report;
use url::Url;

/// By how much the times that were measured may differ, as a share.
const MAY_DIFFER: f64 = 0.1;

/// Why these runs can't be compared with the first of them, one reason each; none if they can.
pub(super) fn misfits(reports: &[&Report], any_host: bool) -> Vec<String> {
    let Some((first, rest)) = reports.split_first() else { return Vec::new() };
    let mut reasons = Vec::new();
    for report in reports {
        if report.totals.requests == 0 {
            reasons.push("a run requested nothing".to_owned());
        } else if report.outcome.validity == Validity::Invalid {
            reasons.push("the measurement of a run is not valid".to_owned());
        }
    }
    for other in rest {
        let (a, b) = (&first.run.spec, &other.run.spec);
        let host =
            |host: &Option<String>| host.clone().unwrap_or_else(|| "each class's own".into());
        if !any_host && place(a.host.as_deref()) != place(b.host.as_deref()) {
            reasons.push(format!("the hosts differ: {} and {}", host(&a.host), host(&b.host)));
        }
        if a.classes != b.classes {
            let (a, b) = (names(&a.classes), names(&b.classes));
            let what = if a == b {
                "the weights or counts of classes".to_owned()
            } else {
                "the classes".to_owned()
            };
            reasons.push(format!("{what} differ: {a} and {b}"));
        }
        if a.task_filter != b.task_filter {
            reasons.push("the tags that choose tasks differ".to_owned());
        }
        if a.load != b.load {
            let [a, b] = [&a.load, &b.load].map(ToString::to_string);
            let rates = if a == b { " with other spawn rates" } else { "" };
            reasons.push(format!("the loads differ: {a} and {b}{rates}"));
        }
        if a.count_logins != b.count_logins {
            reasons.push("one counts logins, the other does not".to_owned());
        }
        let (a, b) = (first.run.duration_s, other.run.duration_s);
        if (a - b).abs() > MAY_DIFFER * a.max(b) {
            reasons.push(format!("the times that were measured differ: {a:.0}s and {b:.0}s"));
        }
    }
    reasons.dedup();
    reasons
}

/// A host without what changes from run to run: the port of a demo site or of a test's own server.
fn place(host: Option<&str>) -> Option<String> {
    let host = host?;
    let Ok(mut url) = Url::parse(host) else { return Some(host.to_owned()) };
    if url.host_str().is_some_and(|name| name == "localhost" || name.starts_with("127.")) {
        let _ = url.set_port(None);
    }
    Some(url.to_string())
}

fn names(classes: &[ClassSpec]) -> String {
    let names: Vec<&str> = classes.iter().map(|class| class.name.as_str()).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
