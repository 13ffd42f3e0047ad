//! Single values.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use camino::Utf8PathBuf;

use super::{Decode, Log, sourced};
use crate::grammar::{ByteSize, Duration, ExtraHosts, FileMode, ImageReference, command_words};
use crate::model::{ExtraHost, Sourced};
use crate::shape;
use crate::text::display;
use crate::value::{Data, Value};

impl Decode for String {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        match value.data {
            Data::Map(_) | Data::List(_) => None,
            _ => Some(display(value).into_owned()),
        }
    }
}

impl Decode for Utf8PathBuf {
    fn decode(value: &Value, log: &mut Log) -> Option<Self> {
        String::decode(value, log).map(Self::from)
    }
}

impl Decode for Option<String> {
    fn decode(value: &Value, log: &mut Log) -> Option<Self> {
        if value.is_null() {
            return Some(None);
        }
        String::decode(value, log).map(Some)
    }
}

impl Decode for Vec<String> {
    fn decode(value: &Value, log: &mut Log) -> Option<Self> {
        match &value.data {
            Data::List(items) => items.iter().map(|item| String::decode(item, log)).collect(),
            _ => Some(vec![String::decode(value, log)?]),
        }
    }
}

impl Decode for bool {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        shape::truth(value)
    }
}

impl Decode for i64 {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        shape::integer(value)
    }
}

/// Types of numbers that hold a part of what `i64` holds.
macro_rules! by_integer {
    ($($type:ty),*) => {$(
        impl Decode for $type {
            fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
                shape::integer(value)?.try_into().ok()
            }
        }
    )*};
}

by_integer!(u64, u32, u16);

impl Decode for f64 {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        match &value.data {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a number of processors or a ratio"
            )]
            Data::Int(number) => Some(*number as Self),
            Data::Float(number) => Some(*number),
            Data::Str(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl Decode for ByteSize {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        shape::bytes(value).map(Self::new)
    }
}

impl Decode for FileMode {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        match &value.data {
            Data::Int(bits) => Some(Self::new(*bits)),
            _ => parsed(value),
        }
    }
}

/// Types that are read by their `FromStr`.
macro_rules! by_text {
    ($($type:ty),*) => {$(
        impl Decode for $type {
            fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
                parsed(value)
            }
        }
    )*};
}

by_text!(Duration, ImageReference, IpAddr, Ipv4Addr, Ipv6Addr);

pub(in crate::model) fn parsed<T: FromStr>(value: &Value) -> Option<T> {
    match value.data {
        Data::Map(_) | Data::List(_) | Data::Null => None,
        _ => display(value).parse().ok(),
    }
}

/// The words of a command; an empty one is kept, because it clears that of the image.
pub(in crate::model) fn command(
    parent: &Value,
    key: &str,
    log: &mut Log,
) -> Option<Sourced<Vec<String>>> {
    struct Words(Vec<String>);

    impl Decode for Words {
        fn decode(value: &Value, log: &mut Log) -> Option<Self> {
            match &value.data {
                Data::List(_) => Vec::decode(value, log),
                Data::Map(_) => None,
                _ => command_words(&display(value)).ok(),
            }
            .map(Self)
        }
    }

    let value = parent.get(key).filter(|value| !value.is_null())?;
    let words = log.key(key, |log| sourced::<Words>(value, log))?;
    Some(words.map(|words| words.0))
}

/// The entries of `extra_hosts`, one for each address, in the order in which they are printed.
pub(in crate::model) fn hosts(parent: &Value, key: &str, log: &mut Log) -> Vec<Sourced<ExtraHost>> {
    let Some(value) = parent.get(key).filter(|value| !value.is_null()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut add = |value: &Value, hosts: Option<ExtraHosts>| match hosts {
        Some(hosts) => found.extend(hosts.to_list().iter().filter_map(|text| {
            let (name, address) = text.split_once('=')?;
            let host = ExtraHost {
                name: name.to_owned(),
                address: address.to_owned(),
            };
            Some(log.at(value, host))
        })),
        None => log.key(key, |log| log.leave_out(value)),
    };
    match &value.data {
        Data::List(items) => {
            for item in items {
                add(item, ExtraHosts::from_list([&*display(item)]).ok());
            }
        }
        Data::Map(map) => {
            for (name, addresses) in map.iter() {
                let texts = Vec::decode(addresses, &mut Log::default());
                let hosts = texts
                    .and_then(|texts| ExtraHosts::from_entries([(name.to_string(), texts)]).ok());
                add(addresses, hosts);
            }
        }
        _ => add(value, None),
    }
    found.sort_by_cached_key(ToString::to_string);
    found
}
