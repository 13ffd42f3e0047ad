//! Any text as a duration or a size, read again from its printed form.
#![no_main]

use compose_model::{ByteSize, Duration, FileMode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(duration) = text.parse::<Duration>() {
        assert_eq!(duration.to_string().parse::<Duration>(), Ok(duration));
    }
    if let Ok(size) = text.parse::<ByteSize>() {
        assert_eq!(size.to_string().parse::<ByteSize>(), Ok(size));
    }
    let _mode = text.parse::<FileMode>();
    if let Ok(duration) = castfile::duration::parse(text) {
        assert_eq!(castfile::duration::parse(&castfile::duration::format(duration)), Ok(duration));
    }
});
