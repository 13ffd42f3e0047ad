//! Streams, exit codes and JSON, as other programs see them.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use common::{Io, exit};

/// A stream that fails after some bytes.
struct Failing {
    room: usize,
    kind: io::ErrorKind,
}

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.room.checked_sub(bytes.len()) {
            Some(left) => {
                self.room = left;
                Ok(bytes.len())
            }
            None => Err(self.kind.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn data_and_messages_go_their_own_ways() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io::new(&mut out, &mut err);
    io.data("a");
    io.line("b");
    io.message("c\n");
    io.flush();
    assert!(!io.closed());
    assert!(io.take_error().is_none());
    drop(io);
    assert_eq!((out, err), (b"ab\n".to_vec(), b"c\n".to_vec()));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut err = Vec::new();
    let room = 4;
    let mut io = Io::new(
        Failing {
            room,
            kind: io::ErrorKind::BrokenPipe,
        },
        &mut err,
    );
    io.line("one");
    assert!(!io.closed());
    io.line("two");
    assert!(io.closed());
    io.line("three");
    assert!(io.take_error().is_none());
}

#[test]
fn any_other_error_is_told() {
    let kind = io::ErrorKind::StorageFull;
    let mut io = Io::new(Failing { room: 0, kind }, Vec::new());
    io.line("one");
    assert!(!io.closed());
    assert_eq!(io.take_error().map(|error| error.kind()), Some(kind));
    assert!(io.take_error().is_none());
}

#[test]
fn messages_that_cannot_be_written_are_dropped() {
    let kind = io::ErrorKind::BrokenPipe;
    let mut io = Io::new(Vec::new(), Failing { room: 0, kind });
    io.message("lost");
    assert!(!io.closed());
}

/// What was written as data before a message stands before it, where both go to one place.
#[test]
fn the_order_of_data_and_messages_is_kept() {
    #[derive(Clone, Default)]
    struct Shared(Rc<RefCell<Vec<u8>>>);
    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let screen = Shared::default();
    let mut io = Io::new(io::BufWriter::new(screen.clone()), screen.clone());
    io.line("data");
    io.message("message\n");
    io.line("more");
    io.flush();
    assert_eq!(*screen.0.borrow(), b"data\nmessage\nmore\n");
}

/// The table at the head of the module is the promise; the constants must say the same.
#[test]
fn exit_codes_are_those_of_the_table() {
    let table: Vec<&str> = include_str!("../src/exit.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | "))
        .filter_map(|row| row.split(" | ").next())
        .collect();
    for code in [
        exit::DONE,
        exit::FAILED,
        exit::USAGE,
        exit::TIMED_OUT,
        exit::NOT_SUPPORTED,
    ] {
        assert!(
            table.contains(&code.to_string().as_str()),
            "{code} in {table:?}"
        );
    }
    let signals = table.contains(&"128 + n");
    assert!(signals && exit::INTERRUPTED == 128 + 2);
    assert_eq!(exit::TIMED_OUT, exit::USAGE);
}
