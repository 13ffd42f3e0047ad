//! DNS zones that are right the first time: master files read without loss, checked, edited in place
//! and compared.
//!
//! Pure and sync: it opens no file but through [`Files`](yaml_tree::Files), asks no server, reads no
//! clock.

mod arpa;
mod check;
pub mod corefile;
mod diff;
mod file;
mod gaps;
mod generate;
mod lexer;
mod load;
mod managed;
mod message;
mod name;
mod pretty;
mod problem;
mod rdata;
mod record;
mod reverse;
mod serial;
mod ttl;
mod types;
mod zone;

pub use check::{CheckOptions, check};
pub use diff::ZoneDiff;
pub use file::{Entry, EntryId, EntryKind, ZoneFile};
pub use load::{LoadOptions, Loaded, load, parse, resolve};
pub use managed::{Block, Marker, MarkerError};
pub use message::{MessageError, Question, Reply, ReplyCode};
pub use name::{Labels, MAX_LABEL, MAX_NAME, Name, NameError};
pub use rdata::{Data, RdataError, RecordData, Soa};
pub use record::{Place, Record};
pub use reverse::{Network, NetworkError, reverse_name};
pub use serial::{Serial, SerialPolicy};
pub use ttl::{Ttl, TtlError};
pub use types::{Class, RecordType, UnknownType};
pub use zone::{Answer, Outcome, Zone};
