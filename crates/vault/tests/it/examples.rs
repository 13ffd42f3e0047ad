//! The programs in `examples/`, compiled with the tests and run on a vault of theirs.

use crate::support::Lab;

#[path = "../../examples/read_secret.rs"]
mod read_secret;

#[test]
fn a_secret_is_read() {
    let lab = Lab::with(&[("shop/token", "hunter2")]);
    let read = |key: &str| read_secret::read(&lab.path, crate::support::PASSWORD, key);
    assert_eq!(read("shop/token").unwrap().expose(), "hunter2");
    assert!(read("shop/other").is_err());
}
