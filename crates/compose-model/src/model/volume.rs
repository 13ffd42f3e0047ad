//! Volumes.

use super::decode::{Extensions, Labels, extensions, later, resource_name};
use super::record::record;
use super::{Sourced, Untyped};

record! {
    /// A volume of the project.
    Volume {
        /// Its key in `volumes`.
        key(""): String = later,
        /// Its name in the engine: the one written, else `PROJECT_KEY`, or the key of an external
        /// one.
        name: Sourced<String> = resource_name,
        /// The driver; none means `local`.
        driver: Option<Sourced<String>>,
        /// Options of the driver.
        driver_opts: Labels,
        /// Whether it has to be there, and is neither made nor removed; default false.
        external: Option<Sourced<bool>>,
        /// Its labels.
        labels: Labels,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
        /// What is written and could not be typed.
        untyped(""): Vec<Untyped> = later,
    }
}
