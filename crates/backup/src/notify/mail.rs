//! Mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::{Failure, Message};
use crate::store::Secret;

/// A mailbox, and the server that takes mail for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The server.
    pub host: String,
    /// Its port; that of the encryption if `None`: 465, 587 or 25.
    pub port: Option<u16>,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// Name and password at the server.
    pub login: Option<(String, Secret)>,
    /// Who sends, `Homelab <lab@example.org>`.
    pub from: String,
    /// Who gets it.
    pub to: Vec<String>,
}

/// How a connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// From the beginning.
    #[default]
    Tls,
    /// From an agreement after the beginning, or not at all: then nothing is sent.
    StartTls,
    /// Not. For a server on the same machine.
    None,
}

impl Mailbox {
    pub(super) async fn send(&self, message: &Message) -> Result<(), Failure> {
        let address = |text: &String| {
            let address = text.parse::<lettre::message::Mailbox>();
            address
                .map_err(|error| Failure::last(format!("`{text}` is no address of mail: {error}")))
        };
        if self.to.is_empty() {
            return Err(Failure::last("nobody is named to get it"));
        }
        let mut mail = lettre::Message::builder()
            .from(address(&self.from)?)
            .subject(message.title.replace(['\r', '\n'], " "))
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            mail = mail.to(address(to)?);
        }
        let mail = mail.body(message.text.clone()).map_err(Failure::last)?;
        let transport = match self.encryption {
            Encryption::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&self.host),
            Encryption::StartTls => {
                AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&self.host)
            }
            Encryption::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(
                &self.host,
            )),
        };
        let mut transport = transport.map_err(Failure::last)?;
        if let Some(port) = self.port {
            transport = transport.port(port);
        }
        if let Some((user, password)) = &self.login {
            let password = password.reveal().to_owned();
            transport = transport.credentials(Credentials::new(user.clone(), password));
        }
        let sent = transport.build().send(mail).await;
        sent.map(drop).map_err(|error| Failure {
            again: !error.is_permanent() && !error.is_client(),
            why: error.to_string(),
        })
    }
}

/// A text as RFC 2047 writes it in headers.
pub(super) fn encoded_word(text: &str) -> String {
    format!("=?UTF-8?B?{}?=", STANDARD.encode(text))
}
