//! A salt that several gateways share, in a server that speaks RESP and writes nothing to its disk.
//!
//! A client library would hold a salt in buffers of its own and leave it there. Seven commands over one
//! connection need none, and every byte of them is wiped here.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use weir_config::settings::SaltStore;
use zeroize::Zeroizing;

use super::DaySalt;
use super::resp::{self, Reply};
use super::store::{StoreError, WRITTEN, lifetime, write};

/// Longest wait for each step of a conversation. Nobody but the salt's keeper waits.
const PATIENCE: Duration = Duration::from_secs(2);

/// One server.
pub(super) struct Shared {
    store: SaltStore,
}

impl Shared {
    pub(super) fn new(store: SaltStore) -> Self {
        Self { store }
    }

    /// Sets `offer` unless the server has a salt of its day; what it has then goes to `held`.
    pub(super) fn agree(
        &self,
        offer: &DaySalt,
        now: u32,
        held: &mut [u8; WRITTEN],
    ) -> Result<(), StoreError> {
        let mut talk = Conversation {
            store: self,
            stream: self.connect().map_err(|source| self.away(source))?,
            input: Zeroizing::new(Vec::with_capacity(resp::LONGEST)),
        };
        talk.sign_in()?;
        talk.check_forgets()?;
        write(offer, held);
        talk.set_if_none(offer.day(), held, now)?;
        talk.get(offer.day(), held)
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let SaltStore { host, port, .. } = &self.store;
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for address in (host.as_str(), *port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(stream) => {
                    stream.set_read_timeout(Some(PATIENCE))?;
                    stream.set_write_timeout(Some(PATIENCE))?;
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn name(&self) -> String {
        format!("{}:{}", self.store.host, self.store.port)
    }

    fn away(&self, source: io::Error) -> StoreError {
        StoreError::Away {
            store: self.name(),
            source,
        }
    }

    fn strange(&self) -> StoreError {
        StoreError::Strange(self.name())
    }

    fn persistent(&self, why: &'static str) -> StoreError {
        StoreError::Persistent {
            store: self.name(),
            why,
        }
    }
}

/// One connection, on which one question is asked at a time.
struct Conversation<'a> {
    store: &'a Shared,
    stream: TcpStream,
    input: Zeroizing<Vec<u8>>,
}

impl Conversation<'_> {
    fn sign_in(&mut self) -> Result<(), StoreError> {
        let SaltStore {
            account, database, ..
        } = &self.store.store;
        if let Some(account) = account {
            let (user, password) = (account.user.as_bytes(), account.password.as_bytes());
            if user.is_empty() {
                self.expect_ok(&[b"AUTH", password])?;
            } else {
                self.expect_ok(&[b"AUTH", user, password])?;
            }
        }
        if *database != 0 {
            self.expect_ok(&[b"SELECT", database.to_string().as_bytes()])?;
        }
        Ok(())
    }

    /// Makes sure that the server writes nothing to a disk, by itself or for or by another.
    fn check_forgets(&mut self) -> Result<(), StoreError> {
        if self.setting(b"save")? != b"" {
            return Err(self.store.persistent("set save \"\" there"));
        }
        if self.setting(b"appendonly")? != b"no" {
            return Err(self.store.persistent("set appendonly no there"));
        }
        let store = self.store;
        let Reply::Bytes(Some(text)) = self.ask(&[b"INFO", b"replication"])? else {
            return Err(store.strange());
        };
        let says = |wanted: &str| {
            let mut lines = text.split(|byte| *byte == b'\n');
            lines.any(|line| line.trim_ascii() == wanted.as_bytes())
        };
        if !says("role:master") || !says("connected_slaves:0") {
            return Err(store.persistent(
                "replication copies it, through files and to others; use a server without replicas",
            ));
        }
        Ok(())
    }

    fn setting(&mut self, name: &[u8]) -> Result<Vec<u8>, StoreError> {
        let store = self.store;
        match self.ask(&[b"CONFIG", b"GET", name])? {
            Reply::List(items) => match items[..] {
                [Reply::Bytes(Some(found)), Reply::Bytes(Some(value))] if found == name => {
                    Ok(value.to_vec())
                }
                _ => Err(store.strange()),
            },
            _ => Err(store.strange()),
        }
    }

    fn set_if_none(&mut self, day: u32, salt: &[u8], now: u32) -> Result<(), StoreError> {
        let store = self.store;
        let (key, seconds) = (key(day), lifetime(day, now).to_string());
        let words: [&[u8]; 6] = [
            b"SET",
            key.as_bytes(),
            salt,
            b"NX",
            b"EX",
            seconds.as_bytes(),
        ];
        match self.ask(&words)? {
            Reply::Simple("OK") | Reply::Bytes(None) => Ok(()),
            _ => Err(store.strange()),
        }
    }

    fn get(&mut self, day: u32, held: &mut [u8; WRITTEN]) -> Result<(), StoreError> {
        let store = self.store;
        match self.ask(&[b"GET", key(day).as_bytes()])? {
            Reply::Bytes(Some(bytes)) if bytes.len() == WRITTEN => {
                held.copy_from_slice(bytes);
                Ok(())
            }
            _ => Err(store.strange()),
        }
    }

    fn expect_ok(&mut self, words: &[&[u8]]) -> Result<(), StoreError> {
        let store = self.store;
        match self.ask(words)? {
            Reply::Simple("OK") => Ok(()),
            _ => Err(store.strange()),
        }
    }

    /// Sends a command and waits for its reply; one that is an error is an error.
    fn ask(&mut self, words: &[&[u8]]) -> Result<Reply<'_>, StoreError> {
        let mut output = Zeroizing::new(Vec::with_capacity(resp::command_length(words)));
        resp::command(words, &mut output);
        let store = self.store;
        self.stream
            .write_all(&output)
            .map_err(|source| store.away(source))?;
        self.receive()?;
        match resp::reply(&self.input) {
            Ok(Some(Reply::Error(reason))) => Err(StoreError::Refused {
                store: store.name(),
                reason: reason.to_owned(),
            }),
            Ok(Some(reply)) => Ok(reply),
            Ok(None) | Err(resp::Malformed) => Err(store.strange()),
        }
    }

    /// Reads until a whole reply is in the input, which never grows.
    fn receive(&mut self) -> Result<(), StoreError> {
        self.input.clear();
        let mut piece = Zeroizing::new([0; 1024]);
        while let Ok(None) = resp::reply(&self.input) {
            let room = (resp::LONGEST - self.input.len()).min(piece.len());
            let count = self
                .stream
                .read(&mut piece[..room])
                .map_err(|source| self.store.away(source))?;
            if count == 0 {
                let ended = io::ErrorKind::UnexpectedEof.into();
                return Err(self.store.away(ended));
            }
            self.input.extend_from_slice(&piece[..count]);
        }
        Ok(())
    }
}

fn key(day: u32) -> String {
    format!("weir:salt:{day}")
}
