//! Answers of DNS servers: any octets are read without a panic.

#![no_main]

use dns_zone::Reply;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    if let Ok(reply) = Reply::from_message(octets) {
        for record in reply.answers.iter().chain(&reply.authority) {
            let _shown = record.to_string();
        }
    }
});
