//! Sending metrics and spans to other systems by OpenTelemetry's protocol: OTLP/HTTP, in protobuf.
//!
//! All of it happens on a thread of its own. Who receives can neither slow the load nor fail the run: what can't be delivered is dropped, counted and told.

mod wire;
mod receiver;
mod post;
mod account;
mod spans;
mod points;
mod exporter;

pub(crate) use exporter::Exporter;
pub(crate) use receiver::Receiver;
