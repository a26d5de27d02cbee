//! What must hold of every merge: entries in order, no matter how it is grouped or on how many
//! threads it runs; and nothing lost without a word.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use std::path::Path;

use proptest::prelude::*;
use rootlake_merge::{
    Division, LocalFiles, MergeError, Order, Plan, Request, Schema, Vary, VaryBranch, Verify,
    steps, survey,
};
use support::{execute_plan, lists, merge, numbers, sum, usual, write};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn entries_stand_in_order_however_merging_is_grouped(
        parts in prop::collection::vec(prop::collection::vec(any::<i32>(), 1..300), 3),
        baskets in prop::collection::vec(1usize..120, 3),
        compress in prop::sample::select(vec![None, Some("zstd:1"), Some("lz4:4"), Some("none")]),
        order in prop::sample::select(vec![Order::File, Order::Entry, Order::Branch]),
        verify in prop::sample::select(vec![Verify::None, Verify::Frames, Verify::Full]),
        recluster in prop::sample::select(vec![None, Some(1u64), Some(2000), Some(1 << 20)]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let inputs: Vec<_> = (0..3).map(|i| path(&format!("in{i}.root"))).collect();
        for ((input, values), &basket) in inputs.iter().zip(&parts).zip(&baskets) {
            write(input, values, true, basket, "zlib:1");
        }
        let [a, b, c] = [&*inputs[0], &*inputs[1], &*inputs[2]];
        let request = Request {
            compress: compress.map(|codec| codec.parse().unwrap()),
            order,
            verify,
            recluster,
            ..usual(2)
        };
        merge(&[a, b, c], &request, &path("abc")).unwrap();
        merge(&[a, b], &request, &path("ab")).unwrap();
        merge(&[&path("ab"), c], &request, &path("ab_c")).unwrap();
        merge(&[b, c], &request, &path("bc")).unwrap();
        merge(&[a, &path("bc")], &request, &path("a_bc")).unwrap();
        let whole: Vec<i32> = parts.concat();
        let whole_lists: Vec<_> = inputs.iter().flat_map(|input| lists(input)).collect();
        for output in ["abc", "ab_c", "a_bc"] {
            prop_assert_eq!(&numbers(&path(output)), &whole);
            prop_assert_eq!(&lists(&path(output)), &whole_lists);
        }
        // Alone, a file keeps its entries.
        merge(&[a], &request, &path("a")).unwrap();
        prop_assert_eq!(&numbers(&path("a")), &parts[0]);
        // The output does not depend on the number of threads.
        // The file's own name stands in it, so it must be the same.
        std::fs::create_dir(path("other")).unwrap();
        let again = path("other").join("abc");
        merge(&[a, b, c], &Request { threads: 1, ..request }, &again).unwrap();
        prop_assert!(std::fs::read(again).unwrap() == std::fs::read(path("abc")).unwrap());
    }

    #[test]
    fn a_multiplied_file_reads_as_its_input_so_many_times(
        values in prop::collection::vec(0i32..1000, 1..200),
        copies in 1u64..6,
        way in prop::sample::select(vec!["plain", "shared", "varied"]),
        threads in 1usize..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (input, output) = (folder.path().join("in"), folder.path().join("out"));
        write(&input, &values, true, 40, "zlib:1");
        let step = if way == "varied" { 1000 } else { 0 };
        let varied = Vary { branch: "x".to_owned(), step };
        let request = Request {
            copies,
            shared: way == "shared",
            vary: (step > 0).then_some(varied).into_iter().collect(),
            ..usual(threads)
        };
        let receipt = merge(&[&input], &request, &output).unwrap();
        let wanted: Vec<i32> = (0..copies as i32)
            .flat_map(|copy| values.iter().map(move |value| value + copy * step as i32))
            .collect();
        prop_assert_eq!(numbers(&output), wanted);
        let wanted = vec![lists(&input); copies as usize].concat();
        prop_assert_eq!(lists(&output), wanted);
        prop_assert_eq!(receipt.adler32.unwrap(), sum(&output));
    }

    #[test]
    fn outputs_in_parts_hold_the_entries_of_the_whole(
        inputs in prop::collection::vec(prop::collection::vec(any::<i32>(), 1..300), 1..4),
        baskets in prop::collection::vec(1usize..120, 3),
        copies in 1u64..4,
        division in prop_oneof![
            (1u64..60_000).prop_map(Division::Bytes),
            (1u64..9).prop_map(Division::Files),
        ],
    ) {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..inputs.len())
            .map(|i| folder.path().join(format!("in{i}.root")).to_str().unwrap().to_owned())
            .collect();
        for ((name, values), &basket) in names.iter().zip(&inputs).zip(&baskets) {
            write(Path::new(name), values, true, basket, "none");
        }
        let found = survey(&LocalFiles, &names, 1);
        let request = Request { copies, ..usual(2) };
        let plan = Plan::new(&found.inputs, &request).unwrap();
        let parts = plan.parts(&found.inputs, &request, division);
        let clusters: usize = inputs.iter().zip(&baskets).map(|(v, b)| v.len().div_ceil(*b)).sum();
        let clusters = clusters * copies as usize;
        match division {
            Division::Files(files) => prop_assert!(parts.len() <= clusters.min(files as usize)),
            Division::Bytes(_) => prop_assert!(parts.len() <= clusters),
        }
        let mut together = (Vec::new(), Vec::new());
        for (number, part) in parts.iter().enumerate() {
            let output = folder.path().join(format!("out{number}"));
            let receipt = execute_plan(part, &found, &request, &output).unwrap();
            prop_assert_eq!(receipt.trees[0].entries_out, part.trees[0].entries);
            together.0.extend(numbers(&output));
            together.1.extend(lists(&output));
            if let Division::Bytes(limit) = division && part.trees[0].baskets > 2 {
                prop_assert!(receipt.bytes <= limit, "{} of {limit}", receipt.bytes);
            }
        }
        let whole = vec![inputs.concat(); copies as usize].concat();
        prop_assert_eq!(together.0, whole);
        let once: Vec<_> = names.iter().flat_map(|name| lists(Path::new(name))).collect();
        prop_assert_eq!(together.1, vec![once; copies as usize].concat());
    }
}

#[test]
fn copies_that_would_share_numbers_or_overflow_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    write(&input, &[100, -3, 7], false, 2, "zlib:1");
    let names = [input.to_str().unwrap().to_owned()];
    let found = survey(&LocalFiles, &names, 1);
    let settle = |branch: &str, step, copies| {
        let request = Request { copies, ..usual(1) };
        let plan = Plan::new(&found.inputs, &request).unwrap();
        let branch = branch.to_owned();
        let asked = [VaryBranch { branch, step }];
        steps(&asked, &plan, &found.inputs, &LocalFiles).map(|steps| steps[0].step)
    };
    assert_eq!(settle("x", None, 10).unwrap(), 104);
    assert_eq!(settle("x", Some(1000), 10).unwrap(), 1000);
    let most = (i32::MAX as u64 - 100) / 104 + 1;
    assert_eq!(settle("x", None, most).unwrap(), 104);
    let refused = |branch, step, copies| {
        let done = settle(branch, step, copies);
        assert!(matches!(done, Err(MergeError::Vary { .. })), "{done:?}");
    };
    refused("x", None, most + 1);
    refused("x", Some(103), 2);
    refused("x", Some(u64::MAX), 2);
    refused("y", None, 2);
}

#[test]
fn other_branches_are_refused_filled_or_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    write(&path("both"), &[1, 2, 3], true, 2, "zlib:1");
    write(&path("one"), &[4, 5], false, 2, "zlib:1");
    for inputs in [[path("both"), path("one")], [path("one"), path("both")]] {
        let inputs = [&*inputs[0], &*inputs[1]];
        let with = |schema| Request { schema, ..usual(1) };
        let strict = merge(&inputs, &with(Schema::Strict), &path("out"));
        assert!(
            matches!(strict, Err(MergeError::Schema { .. })),
            "{strict:?}"
        );
        assert!(!path("out").exists());

        let receipt = merge(&inputs, &with(Schema::Union), &path("out")).unwrap();
        assert_eq!(receipt.trees[0].differences.filled, ["v"]);
        let wanted: Vec<_> = inputs.iter().flat_map(|input| numbers(input)).collect();
        assert_eq!(numbers(&path("out")), wanted);
        let filled: usize = lists(&path("out"))
            .iter()
            .filter(|list| list.is_empty())
            .count();
        assert_eq!(filled, 2, "x % 4 is not 0 in the file that has v");
        std::fs::remove_file(path("out")).unwrap();

        let receipt = merge(&inputs, &with(Schema::Intersect), &path("out")).unwrap();
        assert_eq!(receipt.trees[0].differences.dropped, ["v"]);
        assert_eq!(numbers(&path("out")), wanted);
        std::fs::remove_file(path("out")).unwrap();
    }
}

#[test]
fn a_damaged_basket_ends_the_merge_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    let values: Vec<i32> = (0..2000).collect();
    write(&input, &values, false, 1000, "zlib:1");
    let whole = std::fs::read(&input).unwrap();
    let frame = whole
        .windows(3)
        .position(|bytes| bytes == b"ZL\x08")
        .unwrap();
    for at in frame..frame + 9 {
        for bit in [0, 3, 7] {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            std::fs::write(&input, damaged).unwrap();
            assert!(merge(&[&input], &usual(2), &output).is_err(), "{at} {bit}");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }
    // In the middle of a block, only decompressing finds it.
    let mut damaged = whole;
    damaged[frame + 40] ^= 4;
    std::fs::write(&input, damaged).unwrap();
    let full = Request {
        verify: Verify::Full,
        ..usual(2)
    };
    assert!(merge(&[&input], &full, &output).is_err());
    assert!(!output.exists());
}

#[test]
fn an_input_that_changes_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    write(&input, &[1, 2, 3], false, 2, "none");
    let names = [input.to_str().unwrap().to_owned()];
    let found = survey(&LocalFiles, &names, 1);
    let request = usual(1);
    let plan = Plan::new(&found.inputs, &request).unwrap();
    write(&input, &[1, 2, 3, 4], false, 2, "none");
    let done = execute_plan(&plan, &found, &request, &output);
    assert!(matches!(done, Err(MergeError::Changed { .. })), "{done:?}");
    assert!(!output.exists());
}

#[test]
fn the_receipt_bears_the_checksum_of_the_output() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    write(&input, &(0..5000).collect::<Vec<_>>(), true, 100, "zlib:1");
    let receipt = merge(&[&input, &input], &usual(2), &output).unwrap();
    assert_eq!(receipt.adler32.unwrap(), sum(&output));
    assert_eq!(receipt.bytes, std::fs::metadata(&output).unwrap().len());
    assert_eq!(receipt.trees[0].entries_out, 10_000);
}
