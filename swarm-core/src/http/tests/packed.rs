//! Packed bodies, and values in them.

use super::server::{Act, Server};
use super::{causes, counts, for_both_clients, play, play_as};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::Write as _;

for_both_clients![
    what_servers_pack_is_unpacked,
    what_is_packed_in_an_unknown_way_stays_as_it_is,
    broken_packing_is_one_clear_failure,
    a_body_that_unpacks_to_too_much_is_refused,
    values_are_found_by_their_pointer_and_what_is_there_is_told,
];

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("memory");
    encoder.finish().expect("memory")
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("memory");
    encoder.finish().expect("memory")
}

fn brotli(body: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let options = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut &body[..], &mut packed, &options).expect("memory");
    packed
}

fn zstd(body: &[u8]) -> Vec<u8> {
    compress_to_vec(body, CompressionLevel::Fastest)
}

/// A server that answers with a body packed in this way.
fn server(encoding: &str, body: &[u8]) -> Server {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let answer = [head.as_bytes(), body].concat();
    Server::start(move |_| Act::Send(answer.clone()))
}

fn what_servers_pack_is_unpacked() {
    let text = "hello, hello, hello! ".repeat(1_000);
    let body = text.as_bytes();
    for (encoding, packed) in [
        ("gzip", gzip(body)),
        ("x-gzip", gzip(body)),
        ("deflate", deflate(body)),
        ("br", brotli(body)),
        ("zstd", zstd(body)),
        ("GZIP", gzip(body)),
        ("gzip, br", brotli(&gzip(body))),
        ("identity", body.to_vec()),
    ] {
        let server = server(encoding, &packed);
        let delta = play(&server.url(), async |client| {
            let answer = client.get("/").await.expect(encoding);
            assert_eq!(answer.text(), Ok(text.as_str()), "{encoding}");
            assert_eq!(answer.header("content-encoding"), None, "{encoding}");
        });
        assert_eq!(counts(&delta, "/").bytes, body.len() as u64);
        assert_eq!(server.seen()[0].header("accept-encoding"), ["gzip, deflate, br, zstd"]);
    }
}

fn what_is_packed_in_an_unknown_way_stays_as_it_is() {
    play(&server("snappy", b"as it is").url(), async |client| {
        let answer = client.get("/").await.expect("an answer");
        assert_eq!(answer.text(), Ok("as it is"));
        assert_eq!(answer.header("content-encoding"), Some("snappy"));
    });
}

fn broken_packing_is_one_clear_failure() {
    for encoding in ["gzip", "deflate", "br", "zstd"] {
        let delta = play(&server(encoding, b"not packed at all").url(), async |client| {
            client.get("/").await.expect_err(encoding);
        });
        let [cause] = causes(&delta)[..] else { panic!("one failure") };
        let expected = format!("the answer's {encoding} body is broken: ");
        assert!(cause.starts_with(&expected), "{cause}");
    }
}

fn a_body_that_unpacks_to_too_much_is_refused() {
    let zeros = vec![0; 3_000_000];
    for (encoding, packed) in
        [("gzip", gzip(&zeros)), ("br", brotli(&zeros)), ("zstd", zstd(&zeros))]
    {
        assert!(packed.len() < 100_000, "{encoding} packs well");
        let server = server(encoding, &packed);
        let small = |spec: &mut crate::plan::RunSpec| {
            spec.host = Some(server.url());
            spec.client.max_body = 1 << 20;
        };
        let delta = play_as(small, async |client| {
            client.get("/").await.expect_err("too large");
        });
        assert_eq!(causes(&delta), ["the answer's body is larger than 1 MiB"], "{encoding}");
    }
}

fn values_are_found_by_their_pointer_and_what_is_there_is_told() {
    let body = br#"{"data": {"items": [{"id": 7}], "next": null}}"#;
    play(&server("identity", body).url(), async |client| {
        let answer = client.get("/").await.expect("an answer");
        assert_eq!(answer.at::<u32>("/data/items/0/id"), Ok(7));
        assert_eq!(answer.at::<Option<String>>("/data/next"), Ok(None));
        for (pointer, message) in [
            ("/data/itms", "no `/data/itms`; `/data` has: items, next"),
            ("/data/items/3", "no `/data/items/3`; `/data/items` is a list of 1"),
            ("/data/next/deep/er", "no `/data/next/deep/er`; `/data/next` is null"),
            ("/dta", "no `/dta`; the body has: data"),
            ("data", "no `data`; a pointer begins with `/`"),
            ("/data", "`/data` is an object: invalid type: map, expected u32"),
        ] {
            assert_eq!(answer.at::<u32>(pointer).expect_err(pointer).to_string(), message);
        }
    });
}
