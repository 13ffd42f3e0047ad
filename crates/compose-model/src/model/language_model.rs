//! Language models.

use super::decode::{Extensions, extensions, later};
use super::record::record;
use super::{Sourced, Untyped};

record! {
    /// A language model of the project.
    LanguageModel {
        /// Its key in `models`.
        key(""): String = later,
        /// Its name; none means its key.
        name: Option<Sourced<String>>,
        /// The model (`ai/smollm2`).
        model: Option<Sourced<String>>,
        /// How many tokens it looks at; none means as the model says.
        context_size: Option<Sourced<i64>>,
        /// Options of the program that runs it.
        runtime_flags: Vec<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
        /// What is written and could not be typed.
        untyped(""): Vec<Untyped> = later,
    }
}

record! {
    /// How a container is told about a language model.
    ModelBinding {
        /// The variable with its address; none means `KEY_URL` in capitals.
        endpoint_var: Option<Sourced<String>>,
        /// The variable with its name; none means `KEY_MODEL` in capitals.
        model_var: Option<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}
