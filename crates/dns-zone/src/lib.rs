//! DNS zones that are right the first time: master files read without loss, checked, edited in place
//! and compared.
//!
//! Pure and sync: it opens no file but through [`Files`](yaml_tree::Files), asks no server, reads no
//! clock. Findings come back as values with places in the text.
//!
//! # Read a zone and edit it in place
//!
//! ```
//! use dns_zone::{LoadOptions, RecordType, SerialPolicy, ZoneFile, resolve};
//! use yaml_tree::MemoryFiles;
//!
//! let text = "$TTL 1h            ; usual
//! @   SOA ns1 admin ( 2025112500 2h 1h 2w 5m )
//! @   NS  ns1
//! ns1 A   192.168.1.2
//! old A   192.168.1.9 ; to be gone
//! ";
//! let file = ZoneFile::parse("db.home.arpa", text);
//! let loaded = resolve(file, &LoadOptions::new("home.arpa".parse()?), &MemoryFiles::default());
//! let zone = loaded.into_result().unwrap();
//!
//! // A record knows which entry of the file it is.
//! let (_, place) = zone
//!     .placed_records()
//!     .find(|(record, _)| record.owner.relative_to(zone.origin()) == "old")
//!     .unwrap();
//! let now = 1_764_028_800; // 2025-11-25
//! let mut file = zone.with_serial(SerialPolicy::Date.next(zone.serial(), now)).unwrap();
//! file.remove_record(place.unwrap().entry);
//! file.append("new A   192.168.1.10");
//! assert_eq!(
//!     String::from_utf8(file.to_bytes())?,
//!     text.replace("2025112500", "2025112501")
//!         .replace("old A   192.168.1.9 ; to be gone", "new A   192.168.1.10")
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Build a zone from hosts
//!
//! ```
//! use dns_zone::{Name, Record, RecordData, Soa, Ttl, Zone};
//!
//! let origin: Name = "home.arpa".parse()?;
//! let ttl = Ttl::from_secs(3600)?;
//! let name = |text: &str| Name::parse_relative(text, &origin);
//! let mut records = vec![
//!     Record::new(origin.clone(), ttl, RecordData::soa(&Soa {
//!         mname: name("ns1")?, rname: name("admin")?, serial: 1,
//!         refresh: 7200, retry: 3600, expire: 1_209_600, minimum: 300,
//!     })),
//!     Record::new(origin.clone(), ttl, RecordData::ns(&name("ns1")?)),
//! ];
//! for (host, address) in [("ns1", [192, 168, 1, 2]), ("bücher", [192, 168, 1, 10])] {
//!     records.push(Record::new(name(host)?, ttl, RecordData::a(address.into())));
//! }
//! let zone = Zone::from_records(origin.clone(), records);
//!
//! let lines: Vec<_> = zone.sorted().map(|record| record.to_relative(&origin)).collect();
//! assert_eq!(lines[0], "@ 3600 IN SOA ns1 admin 1 7200 3600 1209600 300");
//! assert_eq!(lines[3], "xn--bcher-kva 3600 IN A 192.168.1.10");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Check one
//!
//! ```
//! use dns_zone::{CheckOptions, LoadOptions, check, parse};
//!
//! let text = "$TTL 1h\n@ SOA ns1 admin 1 2h 1h 2w 5m\n@ NS ns1\nns1 A 172.21.0.1\nwww A 192.168.1.300\n";
//! let loaded = parse("db.home.arpa", text, &LoadOptions::new("home.arpa".parse()?));
//! let found: Vec<_> = check(&loaded, &CheckOptions::default()).iter().map(ToString::to_string).collect();
//! assert_eq!(found[0], "db.home.arpa:5:7: A: `192.168.1.300` is no IPv4 address");
//! assert!(found[1].ends_with("`ns1.home.arpa.` cannot be reached from other machines"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is here
//!
//! - [`ZoneFile`]: a master file as text, every octet kept; edits; a form for people.
//! - [`load`], [`resolve`], [`parse`]: from files to a [`Zone`], the records with their places.
//!   `$INCLUDE` stays in the directory of the zone, `$GENERATE` within a number of records.
//! - [`Record`], [`RecordData`], [`Data`], [`Name`], [`Ttl`], [`RecordType`]: what zones are made of.
//!   Data is kept in wire form; one table says for each type how it is read, printed and compared.
//! - [`check()`]: what is wrong with a zone.
//! - [`Zone::answer`]: what an authoritative server answers. [`Zone::diff`]: what differs.
//!   [`Zone::to_canonical`]: one record a line, sorted.
//! - [`Serial`], [`SerialPolicy`]: the number that has to go up.
//!
//! # Errors
//!
//! No octets make this crate panic. What is wrong with a text is a
//! [`Diagnostic`](yaml_tree::Diagnostic), all of them at once; [`NameError`], [`RdataError`] and
//! [`TtlError`] are about single values.
//!
//! # Compatibility
//!
//! - Master files: RFC 1035, 2308, 3597 and `$GENERATE` of BIND. Where a time to live is left out,
//!   `$TTL`, the last stated one and the minimum of the SOA are taken, in this order, as BIND does.
//!   Records of a set with different times to live have that of the first, or of the first
//!   after other names came between, as BIND prints them.
//! - [`Zone::to_canonical`] was compared with named-compilezone 9.18 on 800 generated zones of 42
//!   record types. In `$GENERATE`, BIND takes the offset of `${…}` over to a `$` behind it; here, as
//!   in CoreDNS, it does not.
//! - [`check()`]: what named-checkzone 9.18, kzonecheck 3.2, nsd-checkzone 4.6, ldns-read-zone 1.8 or
//!   validns refuses is an error, but for forms that are right and not known everywhere, which are
//!   warnings. Stricter than all of them: loops of aliases, times to live over 2^31 - 1.
//! - [`Zone::answer`] is what BIND 9.18, Knot 3.2 and NSD 4.6 answer. CoreDNS 1.14 answers with the
//!   wildcard where a name exists only since a name below it does.
//! - Signatures are read and printed, not checked.

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
