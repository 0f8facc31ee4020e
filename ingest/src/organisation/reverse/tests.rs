use std::collections::HashMap;
use std::net::{Ipv4Addr, UdpSocket};

use hickory_resolver::proto::op::{Message, MessageType, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, PTR};
use hickory_resolver::proto::rr::{Record, RecordType};

use super::*;

/// What a name server knows: names of addresses, addresses of names.
#[derive(Clone, Default)]
struct Zone {
    names: HashMap<Name, String>,
    addresses: HashMap<String, Ipv4Addr>,
}

impl Zone {
    fn with(mut self, address: [u8; 4], name: &str, leads_to: [u8; 4]) -> Self {
        self.names
            .insert(Name::from(IpAddr::from(address)), name.to_owned());
        self.addresses.insert(name.to_owned(), leads_to.into());
        self
    }

    fn answer(&self, question: &Message) -> Message {
        let mut answer = question.clone();
        answer.metadata.message_type = MessageType::Response;
        let query = question.queries[0].clone();
        let name = query.name().clone();
        let data = match query.query_type() {
            RecordType::PTR => self
                .names
                .get(&name)
                .map(|found| RData::PTR(PTR(found.parse().expect("a name")))),
            RecordType::A => self
                .addresses
                .get(&name.to_string())
                .map(|found| RData::A(A(*found))),
            _ => None,
        };
        match data {
            Some(data) => {
                answer.add_answer(Record::from_rdata(name, 60, data));
            }
            None => answer.metadata.response_code = ResponseCode::NXDomain,
        }
        answer
    }

    /// Serves on loopback until the test ends; counts what it is asked.
    fn serve(self) -> (SocketAddr, Arc<AtomicU64>) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
        let address = socket.local_addr().expect("bound");
        let asked = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&asked);
        std::thread::spawn(move || {
            let mut bytes = [0; 1500];
            while let Ok((length, client)) = socket.recv_from(&mut bytes) {
                counter.fetch_add(1, Ordering::Relaxed);
                let question = Message::from_vec(&bytes[..length]).expect("a question");
                let answer = self.answer(&question).to_vec().expect("an answer");
                socket.send_to(&answer, client).expect("sent");
            }
        });
        (address, asked)
    }
}

fn client(address: [u8; 4]) -> ClientIp {
    ClientIp::new(address.into())
}

/// What is known of an address once its question is answered.
fn settled(reverse: &Reverse, address: [u8; 4]) -> Known {
    let client = client(address);
    assert_eq!(reverse.domain(&client), None, "the first event never waits");
    let number = client.session(&reverse.key, "ptr");
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match reverse.known.get(&number) {
            Some(known) if known != Known::Asked => return known,
            _ => {
                assert!(Instant::now() < deadline, "no answer");
                std::thread::sleep(Duration::from_millis(5)); // the pace of looking
            }
        }
    }
}

#[test]
fn a_name_counts_only_where_it_leads_back_and_is_no_lines() {
    let (server, _) = Zone::default()
        .with([198, 51, 100, 7], "vpn.acme.com.", [198, 51, 100, 7])
        .with([198, 51, 100, 8], "vpn.victim.com.", [203, 0, 113, 9])
        .with([198, 51, 100, 9], "dsl-9.provider.net.", [198, 51, 100, 9])
        .serve();
    let reverse = Reverse::new(&[server]).expect("started");
    assert_eq!(
        settled(&reverse, [198, 51, 100, 7]),
        Known::Domain("acme.com".into())
    );
    assert_eq!(
        reverse.domain(&client([198, 51, 100, 7])).as_deref(),
        Some("acme.com")
    );
    assert_eq!(
        settled(&reverse, [198, 51, 100, 8]),
        Known::Nothing,
        "somebody else's name"
    );
    assert_eq!(
        settled(&reverse, [198, 51, 100, 9]),
        Known::Nothing,
        "a line"
    );
    assert_eq!(
        settled(&reverse, [198, 51, 100, 10]),
        Known::Nothing,
        "no name"
    );
}

#[test]
fn an_address_is_asked_for_once() {
    let (server, asked) = Zone::default().serve();
    let reverse = Reverse::new(&[server]).expect("started");
    assert_eq!(settled(&reverse, [198, 51, 100, 7]), Known::Nothing);
    let before = asked.load(Ordering::Relaxed);
    for _ in 0..100 {
        assert_eq!(reverse.domain(&client([198, 51, 100, 7])), None);
    }
    assert_eq!(asked.load(Ordering::Relaxed), before);
}

#[test]
fn questions_without_room_are_dropped_and_nobody_waits() {
    // A server that never answers.
    let silent = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let reverse = Reverse::new(&[silent.local_addr().expect("bound")]).expect("started");
    let begun = Instant::now();
    for last in 0..4096_u32 {
        let [_, _, c, d] = last.to_be_bytes();
        assert_eq!(reverse.domain(&client([198, 18, c, d])), None);
    }
    assert!(begun.elapsed() < PATIENCE, "nobody waits for a resolver");
    assert!(reverse.dropped.load(Ordering::Relaxed) > 0);
}

#[test]
fn a_resolver_that_fails_is_asked_again_soon() {
    let lifetime = |known| Lifetimes.expire_after_create(&0, &known, Instant::now());
    assert_eq!(lifetime(Known::Failed), Some(Duration::from_mins(5)));
    assert_eq!(lifetime(Known::Nothing), Some(Duration::from_hours(6)));
    assert_eq!(
        lifetime(Known::Domain("acme.com".into())),
        Some(Duration::from_hours(24))
    );
}
