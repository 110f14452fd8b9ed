//! HTTP in plain sight, without a client of ours: cookies, and the forms of a page.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// The fields of a form.
pub(crate) type Fields = Vec<(String, String)>;

/// Sends requests, keeps cookies whatever their path, follows nothing.
#[derive(Default)]
pub(crate) struct Browser {
    cookies: BTreeMap<String, String>,
}

/// The answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn get(&mut self, url: &str, header: &str) -> Answer {
        self.send(url, "GET", header, "")
    }

    pub(crate) fn post(&mut self, url: &str, header: &str, fields: &Fields) -> Answer {
        let header = format!("content-type: application/x-www-form-urlencoded\r\n{header}");
        self.send(url, "POST", &header, &encoded(fields))
    }

    /// HTTP/1.0, so the answer comes in one piece and ends with the connection.
    fn send(&mut self, url: &str, method: &str, header: &str, body: &str) -> Answer {
        let rest = url.strip_prefix("http://").expect("plain HTTP");
        let (host, path) = rest.split_at(rest.find('/').expect("a path"));
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut socket = TcpStream::connect(host).expect("it listens");
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.0\r\nhost: {host}\r\ncookie: {cookies}\r\ncontent-length: {length}\r\n{header}\r\n{body}"
        );
        socket.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head[9..12].parse().expect("a status");
        let answer = Answer { status, head: head.to_owned(), body: body.to_owned() };
        for cookie in answer.headers("set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The text at a key.
    pub(crate) fn text(&self, key: &str) -> String {
        let text = self.json()[key].as_str().map(str::to_owned);
        text.unwrap_or_else(|| panic!("no {key}: {self:?}"))
    }

    pub(crate) fn location(&self) -> Option<&str> {
        self.headers("location").next()
    }

    fn headers(&self, wanted: &str) -> impl Iterator<Item = &str> {
        self.head.lines().filter_map(move |line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case(wanted).then_some(value)
        })
    }

    /// Where the form of a page goes, if it says so, and its fields.
    pub(crate) fn form(&self) -> (Option<String>, Fields) {
        let (_, form) =
            self.body.split_once("<form").unwrap_or_else(|| panic!("no form: {self:?}"));
        let form = form.split("</form>").next().unwrap_or_default();
        let fields = form.split("<input").skip(1).filter_map(|input| {
            Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))
        });
        (attribute(form, "action"), fields.collect())
    }
}

/// An attribute of the tag that a text starts in.
fn attribute(text: &str, name: &str) -> Option<String> {
    let (tag, _) = text.split_once('>')?;
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&"))
}

pub(crate) fn encoded(fields: &Fields) -> String {
    serde_urlencoded::to_string(fields).expect("texts")
}

/// A value in the query of a URL.
pub(crate) fn in_query(url: &str, wanted: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == wanted)?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}
