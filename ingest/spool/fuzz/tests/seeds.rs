//! Segments to begin with, as the spool writes them. Without a whole header and footer to change, whose checksums
//! no chance finds, the fuzzer would not get past them.

use std::path::Path;

use weir_spool_fuzz::{read, segment};

#[test]
fn the_seeds_are_segments_that_read_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/segment");
    std::fs::create_dir_all(&folder).expect("a folder of the repository can be written");
    let seeds: [(&str, Vec<Vec<u8>>); 5] = [
        ("one", vec![b"one".to_vec()]),
        ("empty-record", vec![Vec::new()]),
        (
            "sizes",
            [0, 1, 7, 8, 9, 300].map(|size| vec![7; size]).into(),
        ),
        ("many", vec![vec![1; 20]; 40]),
        // A record that looks like a segment.
        (
            "nested",
            vec![segment(&[b"inner".to_vec()]), b"next".to_vec()],
        ),
    ];
    for (name, records) in seeds {
        let whole = segment(&records);
        assert_eq!(read(&whole), records.len(), "{name}");
        // As after a power cut: without a footer, and in the middle of a frame.
        let open = whole[..whole.len() - 64].to_vec();
        let torn = whole[..whole.len() - 67].to_vec();
        for (state, bytes) in [("sealed", whole), ("open", open), ("torn", torn)] {
            std::fs::write(folder.join(format!("{name}-{state}")), bytes)
                .expect("it can be written");
        }
    }
}
