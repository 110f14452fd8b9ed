//! A user who asks httpbin for all that it can do, and looks whether that is what it was asked for.

use serde_json::{Value, json};
use std::fmt::Debug;
use swarm_core::prelude::*;

/// Tries everything once, again and again. A request of each tour takes too long; nothing else fails.
#[user(wait = constant(10ms))]
struct Tourist {
    client: HttpClient,
    tours: u32,
}

#[tasks]
impl Tourist {
    #[task]
    async fn tour(&mut self) -> TaskResult {
        self.tours += 1;
        self.methods().await?;
        self.bodies().await?;
        self.upload().await?;
        self.logins().await?;
        self.cookies().await?;
        self.redirects().await?;
        self.packed().await?;
        self.lengths().await?;
        self.streams().await?;
        self.statuses().await?;
        self.patience().await
    }
}

/// The steps of a tour; httpbin answers with what it has received.
impl Tourist {
    async fn methods(&self) -> TaskResult {
        let client = &self.client;
        for (method, request) in [
            ("GET", client.get("/anything").name("/anything by GET")),
            ("POST", client.post("/anything").name("/anything by POST")),
            ("PUT", client.put("/anything").name("/anything by PUT")),
            ("PATCH", client.patch("/anything").name("/anything by PATCH")),
            ("DELETE", client.delete("/anything").name("/anything by DELETE")),
        ] {
            let echo = request
                .header("x-tour", self.tours.to_string())
                .query(&[("to", "Köln & Bonn"), ("way", "a/b?c=d#e+f")])
                .await?;
            same(&echo.at::<String>("/method")?, method)?;
            same(&echo.at::<String>("/headers/X-Tour")?, &self.tours.to_string())?;
            let args = json!({ "to": "Köln & Bonn", "way": "a/b?c=d#e+f" });
            same(&echo.at::<Value>("/args")?, &args)?;
        }
        let head = client.head("/get").await?;
        same(&head.bytes().len(), &0)?;
        head.header("content-length").is_some_and(|length| length != "0").or_fail("no length")
    }

    async fn bodies(&self) -> TaskResult {
        let client = &self.client;
        let order = json!({ "item": "größer ☃", "count": 3, "tags": [1, null, true] });
        for request in [client.post("/post"), client.put("/put"), client.patch("/patch")] {
            let echo = request.json(&order).await?;
            same(&echo.at::<Value>("/json")?, &order)?;
            same(&echo.at::<String>("/headers/Content-Type")?, "application/json")?;
        }
        let fields = [("name", "Jürgen & Söhne"), ("sum", "1+1=2 %"), ("empty", "")];
        let echo = client.delete("/delete").form(&fields).await?;
        let expected = json!({ "name": "Jürgen & Söhne", "sum": "1+1=2 %", "empty": "" });
        same(&echo.at::<Value>("/form")?, &expected)?;
        let text = "a line\r\n".repeat(10_000);
        let echo = client.post("/post").name("/post a text").body(text.clone()).await?;
        (echo.at::<String>("/data")? == text).or_fail("another text came back")
    }

    async fn upload(&self) -> TaskResult {
        let form = MultipartForm::new()
            .text("title", "My \"cat\" — ü")
            .text("title", "a second one")
            .file("photo", "cat.txt", "text/plain", "--\r\n--swarm\r\n\r\nmeow")
            .file("raw", "raw.bin", "application/octet-stream", &[0_u8, 0xff, 0x80][..]);
        let echo = self.client.post("/post").name("/post files").multipart(&form).await?;
        let expected = json!({ "title": ["My \"cat\" — ü", "a second one"] });
        same(&echo.at::<Value>("/form")?, &expected)?;
        same(&echo.at::<String>("/files/photo")?, "--\r\n--swarm\r\n\r\nmeow")?;
        // Bytes that are no text come back in base64.
        let raw = echo.at::<String>("/files/raw")?;
        raw.ends_with("base64,AP+A").or_fail(format!("the file came as {raw}"))
    }

    async fn logins(&self) -> TaskResult {
        let client = &self.client;
        let (name, password) = ("demo", Secret::new("open:sesame"));
        let place = "/basic-auth/demo/open:sesame";
        let answer = client.get(place).basic_auth(name, &password).await?;
        same(&answer.json::<Value>()?, &json!({ "authenticated": true, "user": name }))?;
        let refused = client
            .get(place)
            .name("/basic-auth with another password")
            .basic_auth(name, &Secret::new("open"))
            .check(|answer| same(&answer.status(), &401));
        refused.await?;
        let answer = client.get("/bearer").bearer_auth(&Secret::new("xyz.123")).await?;
        same(&answer.json::<Value>()?, &json!({ "authenticated": true, "token": "xyz.123" }))
    }

    async fn cookies(&self) -> TaskResult {
        let client = &self.client;
        let set = client.get("/cookies/set").query(&[("tour", self.tours), ("next", 7)]).await?;
        let expected = json!({ "tour": self.tours.to_string(), "next": "7" });
        same(&set.at::<Value>("/cookies")?, &expected)?;
        let deleted = client.get("/cookies/delete?next").name("/cookies/delete").await?;
        let expected = json!({ "tour": self.tours.to_string() });
        same(&deleted.at::<Value>("/cookies")?, &expected)?;
        same(&client.get("/cookies").await?.at::<Value>("/cookies")?, &expected)
    }

    async fn redirects(&self) -> TaskResult {
        let client = &self.client;
        for path in ["/relative-redirect/5", "/absolute-redirect/5", "/redirect/1"] {
            let answer = client.get(path).await?;
            answer.url().ends_with("/get").or_fail(format!("{path} led to {}", answer.url()))?;
        }
        for (status, method, body) in [(302, "GET", ""), (303, "GET", ""), (307, "POST", "parcel")]
        {
            let to = [("url", "/anything/moved"), ("status_code", &status.to_string())];
            let request = client.post("/redirect-to").name(format!("/redirect-to by {status}"));
            let echo = request.query(&to).body("parcel").await?;
            same(&echo.at::<String>("/method")?, method)?;
            same(&echo.at::<String>("/data")?, body)?;
        }
        let stays = client.get("/relative-redirect/4").name("/redirect not followed");
        same(&stays.redirects(0).await?.status(), &302)
    }

    async fn packed(&self) -> TaskResult {
        for (path, flag) in [("/gzip", "gzipped"), ("/deflate", "deflated"), ("/brotli", "brotli")]
        {
            let answer = self.client.get(path).await?;
            same(&answer.at::<bool>(&format!("/{flag}"))?, &true)?;
            answer.header("content-encoding").is_none().or_fail("still packed")?;
        }
        Ok(())
    }

    async fn lengths(&self) -> TaskResult {
        for length in [0, 1, 1_000, 100_000] {
            let answer = self.client.get(path!("/bytes/{length}", length = length)).await?;
            same(&answer.bytes().len(), &length)?;
        }
        // "grüße, ☃" in base64, sent back as it is.
        let text = self.client.get("/base64/Z3LDvMOfZSwg4piD").name("/base64").await?;
        same(text.text()?, "grüße, ☃")
    }

    async fn streams(&self) -> TaskResult {
        let client = &self.client;
        let lines = client.get("/stream/20").await?;
        for (number, line) in lines.text()?.lines().enumerate() {
            same(&serde_json::from_str::<Value>(line)?["id"], &json!(number))?;
        }
        same(&lines.text()?.lines().count(), &20)?;
        let mut length = 0;
        let pieces = client.get("/stream-bytes/100000?chunk_size=999").name("/stream-bytes");
        let mut stream = pieces.stream().await?;
        while let Some(piece) = stream.chunk().await? {
            length += piece.len();
        }
        same(&length, &100_000)
    }

    async fn statuses(&self) -> TaskResult {
        for status in [200, 204, 400, 404, 418, 500, 503] {
            let request = self.client.get(path!("/status/{status}", status = status));
            request.check(move |answer| same(&answer.status(), &status)).await?;
        }
        Ok(())
    }

    async fn patience(&self) -> TaskResult {
        self.client.get("/delay/0").await?;
        let late = self.client.get("/delay/1").timeout(Duration::from_millis(200)).await;
        late.is_err_and(|error| error.is_timeout()).or_fail("it should have come too late")
    }
}

fn same<E>(found: &(impl PartialEq<E> + Debug + ?Sized), expected: &E) -> TaskResult
where
    E: Debug + ?Sized,
{
    (found == expected).or_fail(format!("found {found:?}, expected {expected:?}"))
}
