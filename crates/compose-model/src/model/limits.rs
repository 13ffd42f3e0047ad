//! Limits of processes and block devices.

use super::Sourced;
use super::decode::{Decode, Extensions, Log, extensions};
use super::record::record;
use crate::grammar::ByteSize;
use crate::shape;
use crate::value::{Data, Value};

/// A limit of processes; -1 means no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ulimit {
    /// What a process starts with, and may raise.
    pub soft: i64,
    /// Up to where.
    pub hard: i64,
}

impl Decode for Ulimit {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        if matches!(value.data, Data::Map(_)) {
            let limit = |key| shape::integer(value.get(key)?);
            return Some(Self {
                soft: limit("soft")?,
                hard: limit("hard")?,
            });
        }
        let both = shape::integer(value)?;
        Some(Self {
            soft: both,
            hard: both,
        })
    }
}

record! {
    /// Shares of and limits on block devices.
    Blkio {
        /// Weight against other containers, 10 to 1000; default 500.
        weight: Option<Sourced<u16>>,
        /// Weights for single devices.
        weight_device: Vec<Sourced<DeviceWeight>>,
        /// Bytes read in a second.
        device_read_bps: Vec<Sourced<DeviceRate>>,
        /// Operations of reading in a second.
        device_read_iops: Vec<Sourced<DeviceRate>>,
        /// Bytes written in a second.
        device_write_bps: Vec<Sourced<DeviceRate>>,
        /// Operations of writing in a second.
        device_write_iops: Vec<Sourced<DeviceRate>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// The weight of a container on a block device.
    DeviceWeight {
        /// The device (`/dev/sda`).
        path: Option<Sourced<String>>,
        /// 10 to 1000.
        weight: Option<Sourced<u16>>,
    }
}

record! {
    /// A limit on a block device.
    DeviceRate {
        /// The device (`/dev/sda`).
        path: Option<Sourced<String>>,
        /// Bytes or operations in a second; Docker Compose reads sizes (`12mb`) for both.
        rate: Option<Sourced<ByteSize>>,
    }
}
