// SPDX-License-Identifier: Apache-2.0

/// Rows under headings, in columns. The last column is as wide as it has to be, and is not filled up.
public struct TextTable: Sendable {
    /// A heading, and what stands below it.
    public struct Column: Sendable {
        let title: String
        let isNumber: Bool

        /// - Parameter isNumber: its cells end where the heading ends.
        public init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    /// What stands in one place.
    public struct Cell: Sendable, ExpressibleByStringInterpolation {
        let text: String
        let colour: Colour?
        let width: Int

        /// An empty text is shown as `-`, so that columns can be counted by programs.
        public init(_ text: String, _ colour: Colour? = nil) {
            self.text = text.isEmpty ? "-" : text
            self.colour = colour
            // Of ASCII, each byte is a character, which is found out faster than which bytes make one.
            width = self.text.utf8.allSatisfy { $0 < 0x80 } ? self.text.utf8.count : self.text.count
        }

        /// Without colour.
        public init(stringLiteral text: String) { self.init(text) }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    /// A table of no rows.
    public init(_ columns: [Column]) { self.columns = columns }

    /// - Parameter cells: one for each column.
    public mutating func add(_ cells: [Cell]) { rows.append(cells) }

    /// Whether it has no rows.
    public var isEmpty: Bool { rows.isEmpty }

    /// Line by line, the headings first.
    public func lines(hasColour: Bool) -> [String] {
        let widths = columns.indices.map { column in
            rows.reduce(columns[column].title.count) { max($0, $1[column].width) }
        }
        let titles = columns.map { Cell($0.title) }
        return ([titles] + rows).map { cells in
            let padded = cells.indices.map { column -> String in
                let cell = cells[column]
                let text = hasColour ? cell.colour?.applied(to: cell.text) ?? cell.text : cell.text
                let blanks = String(repeating: " ", count: widths[column] - cell.width)
                if columns[column].isNumber { return blanks + text }
                return column == columns.count - 1 ? text : text + blanks
            }
            return padded.joined(separator: "  ")
        }
    }
}
