import Foundation
import Synchronization

/// Progress on the error stream, tables on the output.
enum Console {
  private static let start = ContinuousClock.now

  /// Prints a line of progress with the time since the start.
  static func progress(_ text: String) {
    let begin = start
    let seconds = Figure.fixed((ContinuousClock.now - begin).inSeconds, 1)
    let pad = String(repeating: " ", count: max(0, 7 - seconds.count))
    try? FileHandle.standardError.write(contentsOf: Data("[\(pad)\(seconds) s] \(text)\n".utf8))
  }

  /// Prints a line of the result.
  static func line(_ text: String = "") {
    try? FileHandle.standardOutput.write(contentsOf: Data("\(text)\n".utf8))
  }

  /// Prints a table of at most 80 columns; all columns but the first are right-aligned.
  ///
  /// - Parameters:
  ///   - title: the line above.
  ///   - header: names of the columns.
  ///   - rows: the cells.
  static func table(_ title: String, _ header: [String], _ rows: [[String]]) {
    var widths = header.map(\.count)
    for row in rows {
      for (column, cell) in row.enumerated() where column < widths.count {
        widths[column] = max(widths[column], cell.count)
      }
    }
    let others = widths.dropFirst().reduce(0) { $0 + $1 + 2 }
    widths[0] = max(8, min(widths[0], 80 - others))
    func text(_ row: [String]) -> String {
      row.enumerated().map { column, cell in
        let cut = column == 0 ? String(cell.prefix(widths[0])) : cell
        let pad = String(repeating: " ", count: max(0, widths[column] - cut.count))
        return column == 0 ? cut + pad : pad + cut
      }.joined(separator: "  ")
    }
    line()
    line(title)
    line(text(header))
    line(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
    for row in rows { line(text(row)) }
  }
}
