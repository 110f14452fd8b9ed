//! What goes over the wire for one request, kept where somebody looks on.

use super::upload::Upload;
use crate::context::Context;
use crate::stats::Kind;
use crate::watch::{Answer, Body, Exchange, Onlooker, without_query};
use bytes::Bytes;
use http::header::{LOCATION, REFERER};
use http::response::Parts;
use http::{HeaderMap, Method};
use std::cell::RefCell;
use std::rc::Rc;

/// So much of a body is kept, in bytes; more than is shown of it, so that no secret is cut in two.
const KEPT: usize = 64 << 10;
/// So much is shown.
const SHOWN: usize = 16 << 10;

/// The exchanges of one request so far.
#[derive(Default)]
pub(super) struct Transcript(RefCell<Vec<Noted>>);

struct Noted {
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Piece>,
    answer: Option<(u16, HeaderMap)>,
    /// The answer's body; none as long as nothing of it was read.
    received: Option<Piece>,
}

/// A body as far as it is kept.
#[derive(Default)]
struct Piece {
    begins: Vec<u8>,
    size: u64,
}

impl Transcript {
    /// One for a request of this user's, if anybody looks on.
    pub(super) fn of(context: &Context) -> Option<Rc<Self>> {
        context.onlooker().map(|_| Rc::default())
    }

    /// A request is about to be sent.
    pub(super) fn asks(&self, method: &Method, url: String, body: &Upload) {
        let body = match body {
            Upload::Whole(bytes) => Some(Piece::of(bytes)),
            Upload::Stream(_) | Upload::Gone => None,
        };
        let (method, headers) = (method.clone(), HeaderMap::new());
        let noted = Noted { method, url, headers, body, answer: None, received: None };
        self.0.borrow_mut().push(noted);
    }

    /// It is sent with these headers.
    pub(super) fn sends(&self, headers: &HeaderMap) {
        self.last(|noted| headers.clone_into(&mut noted.headers));
    }

    /// The head of its answer has come.
    pub(super) fn hears(&self, head: &Parts) {
        self.last(|noted| noted.answer = Some((head.status.as_u16(), head.headers.clone())));
    }

    /// The body of the answer was read, or a piece of it.
    pub(super) fn reads(&self, bytes: &Bytes) {
        self.last(|noted| noted.received.get_or_insert_default().add(bytes));
    }

    fn last(&self, note: impl FnOnce(&mut Noted)) {
        if let Some(noted) = self.0.borrow_mut().last_mut() {
            note(noted);
        }
    }

    /// What was noted, as it may be shown.
    pub(super) fn shown(&self, kind: Kind, to: &Onlooker) -> Vec<Exchange> {
        let noted = self.0.take();
        // All at first: a token may stand in a text before it stands in a header.
        for noted in &noted {
            to.learn(&noted.headers);
            noted.answer.iter().for_each(|(_, headers)| to.learn(headers));
        }
        noted.into_iter().map(|noted| noted.shown(kind, to)).collect()
    }
}

impl Noted {
    fn shown(self, kind: Kind, to: &Onlooker) -> Exchange {
        let is_login = kind == Kind::Auth;
        let headers = |headers: &HeaderMap| {
            let mut shown = to.headers(headers);
            if is_login {
                hide_queries(&mut shown);
            }
            shown
        };
        let body = |piece: Option<Piece>| match piece {
            None => Body::Unseen,
            Some(Piece { size: 0, .. }) => Body::Empty,
            Some(_) if is_login => Body::Secret,
            Some(piece) => piece.shown(to),
        };
        let url = to.conceal(&self.url);
        Exchange {
            method: self.method.to_string(),
            url: if is_login { without_query(&url) } else { url },
            headers: headers(&self.headers),
            body: body(self.body),
            answer: self.answer.map(|(status, known)| Answer {
                status,
                headers: headers(&known),
                body: body(self.received),
            }),
        }
    }
}

impl Piece {
    fn of(bytes: &Bytes) -> Self {
        let mut piece = Self::default();
        piece.add(bytes);
        piece
    }

    fn add(&mut self, bytes: &Bytes) {
        let room = KEPT - self.begins.len();
        self.begins.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.size += bytes.len() as u64;
    }

    fn shown(self, to: &Onlooker) -> Body {
        let Self { begins: kept, size } = self;
        let text = match str::from_utf8(&kept) {
            Ok(text) => text,
            // A letter that was cut at the end.
            Err(error) if size > kept.len() as u64 && error.error_len().is_none() => {
                str::from_utf8(&kept[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return Body::Binary { size },
        };
        if text.contains('\0') {
            return Body::Binary { size };
        }
        let mut begins = to.conceal(text);
        begins.truncate(begins.floor_char_boundary(SHOWN));
        Body::Text { begins, size }
    }
}

/// Codes of logins travel in the queries of redirects.
fn hide_queries(headers: &mut [(String, String)]) {
    let leads_on = |name: &str| [LOCATION, REFERER].iter().any(|header| header == name);
    for (_, value) in headers.iter_mut().filter(|(name, _)| leads_on(name)) {
        *value = without_query(value);
    }
}
