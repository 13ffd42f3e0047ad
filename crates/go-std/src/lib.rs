//! What Go's standard library does with texts.
//!
//! Docker Compose, Traefik, Caddy and cast are written in Go, and their users see it: in how a path
//! is shortened, how a text is quoted, what a number looks like, which regular expressions there
//! are. Each module says which package of Go it follows.
//!
//! ```
//! assert_eq!(go_std::path::clean("/a/./b//../c"), "/a/c");
//! assert_eq!(go_std::strconv::quote("a\tb"), r#""a\tb""#);
//! assert_eq!(go_std::strconv::float(1_000_000.0), "1e+06");
//! assert_eq!(go_std::duration::format(90_000_000_000), "1m30s");
//! assert!(go_std::regexp::Pattern::new(r"^\d+$")?.is_match("12"));
//! # Ok::<(), String>(())
//! ```

pub mod duration;
pub mod path;
pub mod regexp;
pub mod strconv;
