//! What containers may use, and what is kept for them.

use super::Sourced;
use super::decode::{Decode, Extensions, Labels, Log, extensions};
use super::record::record;
use crate::grammar::{ByteSize, device_count};
use crate::shape;
use crate::text::display;
use crate::value::Value;

record! {
    /// `deploy.resources`.
    Resources {
        /// What a container may use.
        limits: Option<Sourced<Limits>>,
        /// What is kept for a container.
        reservations: Option<Sourced<Reservations>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// What a container may use.
    Limits {
        /// Number of processors, fractions allowed.
        cpus: Option<Sourced<f64>>,
        /// Memory.
        memory: Option<Sourced<ByteSize>>,
        /// Number of processes.
        pids: Option<Sourced<i64>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// What is kept for a container.
    Reservations {
        /// Number of processors, fractions allowed.
        cpus: Option<Sourced<f64>>,
        /// Memory.
        memory: Option<Sourced<ByteSize>>,
        /// Devices.
        devices: Vec<Sourced<DeviceRequest>>,
        /// Resources that the machines of a Swarm declare.
        generic_resources: Vec<Sourced<GenericResource>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// A resource that the machines of a Swarm declare.
    GenericResource {
        /// One that is counted.
        discrete_resource_spec: Option<Sourced<DiscreteResource>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// A resource that is counted.
    DiscreteResource {
        /// What it is called.
        kind: Option<Sourced<String>>,
        /// How many.
        value: Option<Sourced<i64>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// Devices that a container needs.
    DeviceRequest {
        /// What they can do (`gpu`).
        capabilities: Vec<Sourced<String>>,
        /// The driver (`nvidia`).
        driver: Option<Sourced<String>>,
        /// How many; all if neither this nor `device_ids` is written.
        count: Option<Sourced<DeviceCount>>,
        /// Which ones.
        device_ids: Vec<Sourced<String>>,
        /// Options of the driver.
        options: Labels,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

/// A number of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceCount {
    /// All there are; written `all` or -1.
    All,
    /// So many.
    Exactly(i64),
}

impl Decode for DeviceCount {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        let number = match value.as_str() {
            Some(_) => device_count(&display(value)).ok()?,
            None => shape::integer(value)?,
        };
        Some(match number {
            -1 => Self::All,
            number => Self::Exactly(number),
        })
    }
}
