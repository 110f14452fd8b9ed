//! Forms with files: `multipart/form-data` (RFC 7578), as browsers write it (the HTML standard, "Multipart form data").

use bytes::Bytes;

/// A form with texts and files.
///
/// ```
/// use swarm_core::prelude::*;
///
/// async fn upload(client: &HttpClient) -> TaskResult {
///     let form = MultipartForm::new()
///         .text("title", "My cat")
///         .file("photo", "cat.png", "image/png", &b"..."[..]);
///     client.post("/photos").multipart(&form).await?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a form does nothing by itself"]
pub struct MultipartForm {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
struct Part {
    /// What stands behind `form-data`.
    disposition: String,
    content_type: Option<String>,
    body: Bytes,
}

impl MultipartForm {
    /// An empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        let disposition = format!("name=\"{}\"", escaped(name));
        self.parts.push(Part { disposition, content_type: None, body: value.into().into() });
        self
    }

    /// Adds a file: the field, the file's name, its type, what is in it.
    pub fn file(
        mut self,
        name: &str,
        filename: &str,
        content_type: &str,
        body: impl Into<Bytes>,
    ) -> Self {
        let disposition = format!("name=\"{}\"; filename=\"{}\"", escaped(name), escaped(filename));
        // It stands in a header of its own, which a line end would leave.
        let content_type = content_type.replace(['\r', '\n'], " ");
        self.parts.push(Part { disposition, content_type: Some(content_type), body: body.into() });
        self
    }

    /// The type with its boundary, and the body.
    pub(super) fn encode(&self) -> (String, Bytes) {
        let boundary = self.boundary();
        let mut body = Vec::new();
        for Part { disposition, content_type, body: part } in &self.parts {
            let head = format!("--{boundary}\r\ncontent-disposition: form-data; {disposition}\r\n");
            body.extend_from_slice(head.as_bytes());
            if let Some(content_type) = content_type {
                body.extend_from_slice(format!("content-type: {content_type}\r\n").as_bytes());
            }
            body.extend_from_slice(b"\r\n");
            body.extend_from_slice(part);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), body.into())
    }

    /// A boundary that stands in none of the parts.
    fn boundary(&self) -> String {
        let taken = |boundary: &str| {
            let inside = |part: &Part| {
                part.body.windows(boundary.len()).any(|window| window == boundary.as_bytes())
            };
            self.parts.iter().any(inside)
        };
        let mut boundaries = (0_u64..).map(|number| format!("swarm-{number:016x}"));
        boundaries.find(|boundary| !taken(boundary)).unwrap_or_default()
    }
}

/// A name between quotes: what would end it is percent-encoded.
fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_written_as_browsers_write_it() {
        let form = MultipartForm::new().text("ti\"tle", "My cat").file(
            "photo",
            "c\r\nat.png",
            "image/png",
            &b"\x89PNG"[..],
        );
        let (kind, body) = form.encode();
        assert_eq!(kind, "multipart/form-data; boundary=swarm-0000000000000000");
        let expected = b"--swarm-0000000000000000\r\n\
            content-disposition: form-data; name=\"ti%22tle\"\r\n\r\nMy cat\r\n\
            --swarm-0000000000000000\r\n\
            content-disposition: form-data; name=\"photo\"; filename=\"c%0D%0Aat.png\"\r\n\
            content-type: image/png\r\n\r\n\x89PNG\r\n\
            --swarm-0000000000000000--\r\n";
        assert_eq!(body.as_ref(), &expected[..]);
    }

    #[test]
    fn the_boundary_stands_in_no_part() {
        let form =
            MultipartForm::new().text("a", "--swarm-0000000000000000 swarm-0000000000000001");
        assert!(form.encode().0.ends_with("boundary=swarm-0000000000000002"));
    }
}
