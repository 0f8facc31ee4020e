//! What a process leaves to the one that takes its place: the sockets that it listens on and the salt of the day.
//!
//! It goes over a pair of sockets that exists for these two processes alone and has no name: one message to the
//! successor, which finds the other end as its standard input, and one back once the successor serves.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, send, sendmsg, socketpair,
};
use weir_ingest::HandedSalt;
use zeroize::Zeroizing;

/// What the message begins with; the digit counts its forms.
const MARK: &[u8] = b"weir hands over, 1\n";
/// What the successor answers.
const SERVING: &[u8] = b"serving";
/// Most sockets of one message.
const MOST_SOCKETS: usize = 64;
/// Longest message: mark, salt, and an address a line.
const LONGEST: usize = 8 * 1024;

/// Why nothing was inherited.
#[derive(Debug, thiserror::Error)]
pub enum InheritanceError {
    /// There is no other process.
    #[error("there is nothing to take over: this is what a running weir starts on SIGUSR2")]
    NoGiver(#[source] io::Error),
    /// It is another version's.
    #[error("the running weir hands over in a way that this version does not know: restart it")]
    Unknown,
}

/// Sockets that are listened on, each with the address as it stands in the settings.
pub(super) type Sockets = Vec<(SocketAddr, TcpListener)>;

/// What another process left, and a way to tell it that it may go.
pub struct Inheritance {
    sockets: Sockets,
    salt: HandedSalt,
    giver: OwnedFd,
}

impl Inheritance {
    /// Takes what lies on standard input, which is empty from here on.
    pub fn receive() -> Result<Self, InheritanceError> {
        let giver = take_stdin().map_err(InheritanceError::NoGiver)?;
        receive_from(giver)
    }

    /// A socket for `address`, if there is one left: what the settings no longer name is closed with this.
    pub(super) fn socket(&mut self, address: SocketAddr) -> Option<TcpListener> {
        let mut sockets = self.sockets.iter();
        let at = sockets.position(|(configured, _)| *configured == address)?;
        Some(self.sockets.remove(at).1)
    }

    /// The salt of the day.
    pub(super) fn salt(&self) -> &HandedSalt {
        &self.salt
    }

    /// Says that this process serves, which ends the other one.
    pub(super) fn enter_upon(self) -> io::Result<()> {
        send(&self.giver, SERVING, SendFlags::NOSIGNAL)?;
        Ok(())
    }
}

/// A pair of sockets: for the giver, and for the successor's standard input.
pub(super) fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    let (kind, flags) = (SocketType::SEQPACKET, SocketFlags::CLOEXEC);
    Ok(socketpair(AddressFamily::UNIX, kind, flags, None)?)
}

/// Gives a successor what it needs to serve.
pub(super) fn give(
    successor: impl AsFd,
    sockets: &Sockets,
    salt: Option<&HandedSalt>,
) -> io::Result<()> {
    let none = [0; HandedSalt::LENGTH];
    let salt = salt.map_or(&none, HandedSalt::bytes);
    let mut message = Zeroizing::new(Vec::with_capacity(LONGEST));
    message.extend_from_slice(MARK);
    message.extend_from_slice(salt);
    for (address, _) in sockets {
        message.extend_from_slice(format!("{address}\n").as_bytes());
    }
    let descriptors: Vec<BorrowedFd> = sockets.iter().map(|(_, socket)| socket.as_fd()).collect();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_SOCKETS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let fits = control.push(SendAncillaryMessage::ScmRights(&descriptors));
    if !fits || message.len() > LONGEST {
        return Err(io::Error::other("more sockets than one message can carry"));
    }
    let parts = [IoSlice::new(&message)];
    sendmsg(successor, &parts, &mut control, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Whether the successor says that it serves; `false` if it ended instead.
pub(super) fn is_serving(successor: impl AsFd) -> io::Result<bool> {
    let mut answer = [0; SERVING.len() + 1];
    match rustix::net::recv(successor, &mut answer, RecvFlags::empty()) {
        Ok((length, _)) => Ok(answer[..length] == *SERVING),
        // It did not even take what it was given.
        Err(Errno::CONNRESET) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn take_stdin() -> io::Result<OwnedFd> {
    let stdin = io::stdin().as_fd().try_clone_to_owned()?;
    let null = std::fs::File::open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null)?;
    Ok(stdin)
}

fn receive_from(giver: OwnedFd) -> Result<Inheritance, InheritanceError> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_SOCKETS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut message = Zeroizing::new(vec![0; LONGEST]);
    let received = {
        let mut parts = [IoSliceMut::new(&mut message)];
        recvmsg(&giver, &mut parts, &mut control, RecvFlags::CMSG_CLOEXEC)
            .map_err(|error| InheritanceError::NoGiver(error.into()))?
    };
    let descriptors = control.drain().filter_map(|part| match part {
        RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
        _ => None,
    });
    let listeners: Vec<_> = descriptors.flatten().map(TcpListener::from).collect();
    let (salt, addresses) = read(&message[..received.bytes]).ok_or(InheritanceError::Unknown)?;
    if addresses.len() != listeners.len() {
        return Err(InheritanceError::Unknown);
    }
    Ok(Inheritance {
        sockets: addresses.into_iter().zip(listeners).collect(),
        salt,
        giver,
    })
}

/// Salt and addresses of a message.
fn read(message: &[u8]) -> Option<(HandedSalt, Vec<SocketAddr>)> {
    let rest = message.strip_prefix(MARK)?;
    let (salt, addresses) = rest.split_first_chunk()?;
    let addresses = str::from_utf8(addresses).ok()?.lines();
    let addresses = addresses.map(str::parse).collect::<Result<_, _>>().ok()?;
    Some((HandedSalt::from_bytes(salt), addresses))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn socket() -> (SocketAddr, TcpListener) {
        let configured = "127.0.0.1:0".parse().expect("an address");
        (
            configured,
            TcpListener::bind(configured).expect("a free port"),
        )
    }

    #[test]
    fn a_successor_gets_each_socket_once_and_says_when_it_serves() {
        let (giver, successor) = pair().expect("sockets");
        let sockets = vec![socket(), socket()];
        let salt = HandedSalt::from_bytes(&[7; HandedSalt::LENGTH]);
        give(&giver, &sockets, Some(&salt)).expect("sent");
        let mut inheritance = receive_from(successor).expect("received");
        assert_eq!(inheritance.salt().bytes(), salt.bytes());
        for (configured, given) in &sockets {
            let taken = inheritance.socket(*configured).expect("it was given");
            assert_eq!(
                taken.local_addr().expect("bound"),
                given.local_addr().expect("bound")
            );
        }
        assert!(inheritance.socket(sockets[0].0).is_none());
        inheritance.enter_upon().expect("told");
        assert!(is_serving(&giver).expect("heard"));
    }

    #[test]
    fn a_successor_that_ends_does_not_serve() {
        let (giver, successor) = pair().expect("sockets");
        drop(successor);
        assert!(!is_serving(&giver).expect("an end"));
        let (giver, successor) = pair().expect("sockets");
        give(&giver, &Sockets::new(), None).expect("sent");
        drop(successor);
        assert!(!is_serving(&giver).expect("an end"));
    }

    #[test]
    fn without_another_process_there_is_nothing_to_inherit() {
        let (giver, successor) = pair().expect("sockets");
        drop(giver);
        assert!(matches!(
            receive_from(successor),
            Err(InheritanceError::Unknown)
        ));
        let file = std::fs::File::open("/dev/null").expect("Linux");
        assert!(matches!(
            receive_from(file.into()),
            Err(InheritanceError::NoGiver(_))
        ));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let message = [MARK, &bytes].concat();
            if let Some((salt, _)) = read(&message) {
                prop_assert_eq!(&salt.bytes()[..], &bytes[..HandedSalt::LENGTH]);
            }
            prop_assert!(read(&bytes).is_none());
        }
    }
}
