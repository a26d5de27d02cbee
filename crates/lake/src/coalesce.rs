//! Few large requests instead of many small ones: a pure plan, and its way back.

use std::ops::Range;

use bytes::Bytes;

/// How a medium likes its requests joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coalescing {
    /// Unwanted bytes between two wanted ranges that are rather read than skipped. About what the
    /// medium delivers in the time that one more request costs.
    pub max_gap: u64,
    /// Largest request in bytes. Only ranges that overlap, or one range alone, may exceed it.
    pub max_request: u64,
}

/// One request, and which of the wanted ranges it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The bytes to ask for, end exclusive; never empty.
    pub range: Range<u64>,
    /// Positions in the list of wanted ranges, by rising offset.
    pub wanted: Vec<usize>,
}

impl Request {
    /// The number of bytes to ask for.
    pub fn length(&self) -> u64 {
        self.range.end.saturating_sub(self.range.start)
    }

    fn absorb(&mut self, next: Self) {
        self.range.end = self.range.end.max(next.range.end);
        self.wanted.extend(next.wanted);
    }
}

/// Joins wanted ranges into requests. They come by rising offset and do not overlap; each wanted
/// range that is not empty lies in exactly one of them, so that its bytes are one slice of one
/// answer. Empty ranges need no request.
///
/// Wanted ranges that overlap always share a request. What is left is joined where the gap is at
/// most [`Coalescing::max_gap`] and the whole at most [`Coalescing::max_request`].
pub fn coalesce(wanted: &[Range<u64>], limits: Coalescing) -> Vec<Request> {
    let mut requests: Vec<Request> = Vec::new();
    for run in overlapping_runs(wanted) {
        match requests.last_mut() {
            Some(last)
                if run.range.start - last.range.end <= limits.max_gap
                    && run.range.end - last.range.start <= limits.max_request =>
            {
                last.absorb(run);
            }
            _ => requests.push(run),
        }
    }
    requests
}

/// One request for each run of ranges that overlap, by rising offset.
fn overlapping_runs(wanted: &[Range<u64>]) -> Vec<Request> {
    let mut single: Vec<Request> = wanted
        .iter()
        .enumerate()
        .filter(|(_, range)| range.start < range.end)
        .map(|(index, range)| Request {
            range: range.clone(),
            wanted: vec![index],
        })
        .collect();
    single.sort_by_key(|request| (request.range.start, request.range.end));

    let mut runs: Vec<Request> = Vec::with_capacity(single.len());
    for request in single {
        match runs.last_mut() {
            Some(last) if request.range.start < last.range.end => last.absorb(request),
            _ => runs.push(request),
        }
    }
    runs
}

/// The bytes of each wanted range, in the order wanted, as slices of the answers to `requests`
/// (as [`coalesce()`] made them, one answer for each). No byte is copied. None where an answer is
/// missing or has not the length of its request.
pub fn scatter(
    requests: &[Request],
    answers: &[Bytes],
    wanted: &[Range<u64>],
) -> Option<Vec<Bytes>> {
    if requests.len() != answers.len() {
        return None;
    }
    let mut parts = vec![Bytes::new(); wanted.len()];
    for (request, answer) in requests.iter().zip(answers) {
        if u64::try_from(answer.len()).ok()? != request.length() {
            return None;
        }
        for &index in &request.wanted {
            *parts.get_mut(index)? = slice(answer, request.range.start, wanted.get(index)?)?;
        }
    }
    Some(parts)
}

/// The bytes of `range` in a buffer whose first byte has the offset `base`.
pub(crate) fn slice(buffer: &Bytes, base: u64, range: &Range<u64>) -> Option<Bytes> {
    let start = usize::try_from(range.start.checked_sub(base)?).ok()?;
    let end = usize::try_from(range.end.checked_sub(base)?).ok()?;
    // Bytes::slice panics where this is not so.
    (start <= end && end <= buffer.len()).then(|| buffer.slice(start..end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limits(max_gap: u64, max_request: u64) -> Coalescing {
        Coalescing {
            max_gap,
            max_request,
        }
    }

    #[test]
    fn a_gap_is_read_when_small_and_skipped_when_large() {
        let requests = coalesce(&[0..10, 14..20, 30..40], limits(4, 100));
        assert_eq!(
            requests,
            [
                Request {
                    range: 0..20,
                    wanted: vec![0, 1]
                },
                Request {
                    range: 30..40,
                    wanted: vec![2]
                }
            ]
        );
    }

    #[test]
    fn an_overlap_does_not_drag_neighbours_over_the_limit() {
        // 8..15 is one run of 7 bytes; with 0..8 it would be 15.
        let requests = coalesce(&[0..8, 8..10, 9..15], limits(0, 10));
        let ranges: Vec<_> = requests
            .iter()
            .map(|request| request.range.clone())
            .collect();
        assert_eq!(ranges, [0..8, 8..15]);
    }

    #[test]
    fn an_answer_of_the_wrong_length_is_refused() {
        let wanted = [3..5, 5..6];
        let requests = coalesce(&wanted, limits(0, 10));
        assert!(scatter(&requests, &[Bytes::from_static(b"xy")], &wanted).is_none());
        assert!(scatter(&requests, &[], &wanted).is_none());
        assert!(scatter(&requests, &[Bytes::from_static(b"xyz")], &wanted).is_some());
    }

    fn ranges() -> impl Strategy<Value = Vec<Range<u64>>> {
        proptest::collection::vec((0u64..2000, 0u64..80), 0..60).prop_map(|list| {
            list.into_iter()
                .map(|(start, len)| start..start + len)
                .collect()
        })
    }

    proptest! {
        #[test]
        fn requests_rise_and_do_not_overlap(
            wanted in ranges(), gap in 0u64..50, max in 1u64..300,
        ) {
            let requests = coalesce(&wanted, limits(gap, max));
            prop_assert!(requests.iter().all(|r| r.length() > 0));
            prop_assert!(requests.windows(2).all(|w| w[0].range.end <= w[1].range.start));
        }

        #[test]
        fn each_wanted_range_lies_in_exactly_one_request(
            wanted in ranges(), gap in 0u64..50, max in 1u64..300,
        ) {
            let requests = coalesce(&wanted, limits(gap, max));
            for (index, range) in wanted.iter().enumerate() {
                let holders: Vec<_> =
                    requests.iter().filter(|r| r.wanted.contains(&index)).collect();
                prop_assert_eq!(holders.len(), usize::from(!range.is_empty()));
                for holder in holders {
                    prop_assert!(holder.range.start <= range.start);
                    prop_assert!(range.end <= holder.range.end);
                }
            }
        }

        #[test]
        fn a_request_exceeds_the_limit_only_for_one_run_of_overlaps(
            wanted in ranges(), gap in 0u64..50, max in 1u64..300,
        ) {
            for request in coalesce(&wanted, limits(gap, max)) {
                let parts: Vec<_> = request.wanted.iter().map(|&i| wanted[i].clone()).collect();
                prop_assert!(
                    request.length() <= max || overlapping_runs(&parts).len() == 1
                );
            }
        }

        #[test]
        fn no_request_reads_a_gap_larger_than_allowed(
            wanted in ranges(), gap in 0u64..50, max in 1u64..300,
        ) {
            for request in coalesce(&wanted, limits(gap, max)) {
                let parts: Vec<_> = request.wanted.iter().map(|&i| wanted[i].clone()).collect();
                let runs = overlapping_runs(&parts);
                prop_assert!(
                    runs.windows(2).all(|w| w[1].range.start - w[0].range.end <= gap)
                );
                prop_assert_eq!(runs.first().unwrap().range.start, request.range.start);
                prop_assert_eq!(runs.last().unwrap().range.end, request.range.end);
            }
        }

        #[test]
        fn scattered_answers_are_the_wanted_bytes_in_order(
            wanted in ranges(), gap in 0u64..50, max in 1u64..300,
        ) {
            let file: Bytes = (0..2100u64).map(|i| (i * 31 % 251).to_le_bytes()[0]).collect();
            let requests = coalesce(&wanted, limits(gap, max));
            let answers: Vec<_> =
                requests.iter().map(|r| slice(&file, 0, &r.range).unwrap()).collect();
            let parts = scatter(&requests, &answers, &wanted).unwrap();
            let expected: Vec<_> = wanted.iter().map(|r| slice(&file, 0, r).unwrap()).collect();
            prop_assert_eq!(parts, expected);
        }
    }
}
