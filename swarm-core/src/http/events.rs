//! Server-sent events, read from a body as it comes (the HTML standard, "Server-sent events").

/// An event that a server sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerEvent {
    /// Its type; `message` if the server names none.
    pub event: String,
    /// Its lines, joined.
    pub data: String,
    /// The last id that the server gave, with this event or before it.
    pub id: String,
}

/// Reads events from pieces of a body.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// What came and is no whole line yet.
    pending: Vec<u8>,
    /// So many of them are known to end no line.
    searched: usize,
    event: String,
    data: String,
    id: String,
    begun: bool,
}

impl Events {
    /// Bytes that are held back because their event is not complete.
    pub(super) fn held(&self) -> usize {
        self.pending.len() + self.data.len()
    }

    /// Adds a piece.
    pub(super) fn add(&mut self, piece: &[u8]) {
        self.pending.extend_from_slice(piece);
        if !self.begun && self.pending.len() >= 3 {
            self.begun = true;
            if self.pending.starts_with("\u{feff}".as_bytes()) {
                self.pending.drain(..3);
                self.searched = 0;
            }
        }
    }

    /// The next event that is complete.
    pub(super) fn next(&mut self) -> Option<ServerEvent> {
        while let Some(line) = self.line() {
            if !line.is_empty() {
                self.field(&line);
            } else if let Some(event) = self.complete() {
                return Some(event);
            }
        }
        None
    }

    /// The next whole line: it ends in `\n`, `\r` or both.
    fn line(&mut self) -> Option<String> {
        let new = self.pending[self.searched..].iter();
        let Some(end) = new.copied().position(|byte| byte == b'\r' || byte == b'\n') else {
            self.searched = self.pending.len();
            return None;
        };
        let end = self.searched + end;
        let next = self.pending.get(end + 1);
        if self.pending[end] == b'\r' && next.is_none() {
            // What follows may belong to the same end.
            self.searched = end;
            return None;
        }
        let both = self.pending[end] == b'\r' && next == Some(&b'\n');
        let line = String::from_utf8_lossy(&self.pending[..end]).into_owned();
        self.pending.drain(..=end + usize::from(both));
        self.searched = 0;
        Some(line)
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.event),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            // A comment, or a time to wait before a new connection.
            _ => {}
        }
    }

    /// The event that an empty line ends; none if it has no data.
    fn complete(&mut self) -> Option<ServerEvent> {
        let (event, mut data) = (std::mem::take(&mut self.event), std::mem::take(&mut self.data));
        if data.is_empty() {
            return None;
        }
        data.pop();
        let event = if event.is_empty() { "message".to_owned() } else { event };
        Some(ServerEvent { event, data, id: self.id.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<(String, String, String)> {
        let mut events = Events::default();
        let mut found = Vec::new();
        for piece in pieces {
            events.add(piece);
            while let Some(event) = events.next() {
                found.push((event.event, event.data, event.id));
            }
        }
        found
    }

    #[test]
    fn events_are_read_however_they_are_cut() {
        let text = "\u{feff}: hello\n\ndata: one\n\nevent: tick\r\nid: 7\r\ndata:two\r\ndata\r\ndata: three\r\n\r\nevent: none\n\nretry: 5\rdata: f\u{fc}nf\r\rdata: unfinished\n";
        let event =
            |event: &str, data: &str, id: &str| (event.to_owned(), data.to_owned(), id.to_owned());
        let expected = [
            event("message", "one", ""),
            event("tick", "two\n\nthree", "7"),
            event("message", "f\u{fc}nf", "7"),
        ];
        assert_eq!(read(&[text.as_bytes()]), expected);
        for size in 1..20 {
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
            assert_eq!(read(&pieces), expected, "in pieces of {size}");
        }
    }
}
