//! stub
#![allow(missing_docs)]
use crate::value::Value;
#[derive(Debug)]
pub struct Template;
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct TemplateError {
    pub start: usize,
    pub end: usize,
}
#[derive(Debug)]
pub struct RenderOptions;
impl RenderOptions {
    pub fn new(_: std::time::SystemTime) -> Self {
        Self
    }
}
impl Template {
    pub fn parse(_: &str, _: &str) -> Result<Self, TemplateError> {
        Ok(Self)
    }
    pub fn render(&self, _: &Value, _: &RenderOptions) -> Result<String, TemplateError> {
        Ok(String::new())
    }
}
impl TemplateError {
    pub fn help(&self) -> Option<String> {
        None
    }
}
