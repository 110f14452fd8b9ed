//! The page with the result in it, as one file that needs no server.

use super::saved::Saved;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA256, digest};
use swarm_core::report::Report;

const STYLE: &str = include_str!("../../page/assets/app.css");
const SCRIPT: &str = include_str!("../../page/assets/app.js");

/// The whole file.
pub(crate) fn text(report: &Report) -> String {
    let (style, script) = (closed(STYLE, "</style"), closed(SCRIPT, "</script"));
    let data = serde_json::to_string(&Saved::of(report).stripped()).unwrap_or_default();
    // So nothing in it can end the element, nor begin a comment.
    let data = data.replace('<', "\\u003c");
    let title = report.run.spec.name.as_ref().map(|name| format!("{} – ", escaped(name)));
    let title = title.unwrap_or_default();
    let (script_hash, style_hash) = (hash(&script), hash(&style));
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '{script_hash}'; style-src '{style_hash}'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}swarm report</title>
<style>{style}</style>
</head>
<body>
<div id="app"></div>
<noscript>This report needs JavaScript.</noscript>
<script type="application/json" id="report">{data}</script>
<script type="module">{script}</script>
</body>
</html>
"#
    )
}

/// A text in which this end of its element stands only escaped, as strings of scripts and styles can be.
fn closed(text: &str, end: &str) -> String {
    text.replace(end, &end.replace('/', "\\/")).replace("<!--", "\\x3c!--")
}

/// A text that is no markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes())))
}
