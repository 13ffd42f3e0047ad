//! Questions to a server, by UDP and TCP.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _, UdpSocket};
use std::time::{Duration, Instant};

use dns_zone::{Name, Question, Record, RecordType, Reply, ReplyCode};

use crate::args::ServerArgs;

/// How often a question is asked by UDP.
const ATTEMPTS: usize = 3;

/// Records of one transfer at most.
const MOST: usize = 10_000_000;

/// A server that is asked.
pub(crate) struct Client {
    address: SocketAddr,
    timeout: Duration,
    socket: UdpSocket,
    next_id: u16,
}

impl Client {
    /// A client of the server that the command line names.
    pub(crate) fn new(args: &ServerArgs) -> Result<Self, String> {
        let text = &args.server;
        let address = resolve(text).ok_or_else(|| {
            format!("`{text}` is no address of a server: write `192.168.1.10` or `127.0.0.1:1053`")
        })?;
        let local: SocketAddr = if address.is_ipv4() {
            ([0, 0, 0, 0], 0).into()
        } else {
            (std::net::Ipv6Addr::UNSPECIFIED, 0).into()
        };
        let socket =
            UdpSocket::bind(local).and_then(|socket| socket.connect(address).map(|()| socket));
        let socket = socket.map_err(|error| format!("cannot reach {address}: {error}"))?;
        // Where nothing better is known, the clock tells questions apart well enough.
        let next_id = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(1, |now| now.subsec_micros());
        Ok(Self {
            address,
            timeout: Duration::from_millis(args.timeout.max(1)),
            socket,
            next_id: u16::try_from(next_id & 0xffff).unwrap_or(1),
        })
    }

    /// Where the server is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Asks for records of a name.
    pub(crate) fn ask(&mut self, name: &Name, kind: RecordType) -> Result<Reply, String> {
        let question = Question::new(name.clone(), kind);
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            match self.by_udp(&question) {
                Ok(reply) if reply.is_truncated => return self.by_tcp(&question),
                Ok(reply) => return Ok(reply),
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
                    ) =>
                {
                    last = format!("no answer within {} ms", self.timeout.as_millis());
                }
                Err(error) => return Err(self.failed(&error.to_string())),
            }
        }
        Err(self.failed(&last))
    }

    fn failed(&self, why: &str) -> String {
        format!("the server at {} does not answer: {why}", self.address)
    }

    fn id(&mut self) -> u16 {
        self.next_id = self.next_id.wrapping_add(1);
        self.next_id
    }

    fn by_udp(&mut self, question: &Question) -> io::Result<Reply> {
        let id = self.id();
        self.socket.send(&question.to_message(id))?;
        let end = Instant::now() + self.timeout;
        let mut buffer = [0; 4096];
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.socket.set_read_timeout(Some(left))?;
            let count = self.socket.recv(&mut buffer)?;
            // An answer to an earlier question that came late, or none at all.
            if let Ok(reply) = Reply::from_message(&buffer[..count])
                && reply.id == id
            {
                return Ok(reply);
            }
        }
    }

    fn by_tcp(&mut self, question: &Question) -> Result<Reply, String> {
        let id = self.id();
        let mut stream = self
            .connect(question, id)
            .map_err(|error| self.failed(&error.to_string()))?;
        let message = read_message(&mut stream).map_err(|error| self.failed(&error.to_string()))?;
        Reply::from_message(&message).map_err(|error| self.failed(&error.to_string()))
    }

    fn connect(&self, question: &Question, id: u16) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect_timeout(&self.address, self.timeout)?;
        stream.set_read_timeout(Some(self.timeout.max(Duration::from_secs(5))))?;
        stream.set_write_timeout(Some(self.timeout))?;
        let message = question.to_message(id);
        let length = u16::try_from(message.len()).unwrap_or_default();
        let mut all = length.to_be_bytes().to_vec();
        all.extend(message);
        stream.write_all(&all)?;
        Ok(stream)
    }

    /// All records of a zone, the SOA first and once.
    pub(crate) fn transfer(&mut self, zone: &Name) -> Result<Vec<Record>, String> {
        let question = Question::new(zone.clone(), RecordType::AXFR);
        let id = self.id();
        let mut stream = self
            .connect(&question, id)
            .map_err(|error| self.failed(&error.to_string()))?;
        let mut records: Vec<Record> = Vec::new();
        loop {
            let message =
                read_message(&mut stream).map_err(|error| self.failed(&error.to_string()))?;
            let reply =
                Reply::from_message(&message).map_err(|error| self.failed(&error.to_string()))?;
            if reply.code != ReplyCode::NO_ERROR {
                return Err(format!(
                    "the server at {} does not give out `{zone}`: {}",
                    self.address, reply.code
                ));
            }
            for record in reply.answers {
                let is_soa = record.kind() == RecordType::SOA;
                if records.is_empty() && !is_soa {
                    return Err(self.failed("a transfer begins with the SOA record"));
                }
                if is_soa && !records.is_empty() {
                    return Ok(records);
                }
                if records.len() >= MOST {
                    return Err(self.failed("the transfer does not end"));
                }
                records.push(record);
            }
            if records.is_empty() {
                return Err(self.failed("the transfer is empty"));
            }
        }
    }
}

fn resolve(text: &str) -> Option<SocketAddr> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address);
    }
    if let Ok(address) = text.trim_matches(['[', ']']).parse::<std::net::IpAddr>() {
        return Some((address, 53).into());
    }
    let with_port = if text.contains(':') {
        text.to_owned()
    } else {
        format!("{text}:53")
    };
    with_port.to_socket_addrs().ok()?.next()
}

fn read_message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut message)?;
    Ok(message)
}
