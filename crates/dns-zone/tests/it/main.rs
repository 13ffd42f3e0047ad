//! The public interface.

mod canonical;
