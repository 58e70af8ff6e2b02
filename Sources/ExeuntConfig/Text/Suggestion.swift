// SPDX-License-Identifier: Apache-2.0

/// Finds what somebody who mistyped a name may have meant.
enum Suggestion {
    /// The candidate that differs least, whatever the case; nil when none is near.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let word = Array(word.lowercased().utf8)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let other = Array(candidate.lowercased().utf8)
            // A third of the letters: more would suggest a name that has little in common.
            let limit = max(1, other.count / 3)
            guard abs(word.count - other.count) <= limit else { continue }
            let distance = distance(word, other)
            if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    /// How many letters have to be put in, taken out or replaced.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in 1..<row.count {
                let replaced = diagonal + (letter == other[column - 1] ? 0 : 1)
                diagonal = row[column]
                row[column] = min(replaced, row[column] + 1, row[column - 1] + 1)
            }
        }
        return row[other.count]
    }
}
