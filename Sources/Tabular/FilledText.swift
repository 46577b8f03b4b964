/// Text that is filled to the width of a page.
package enum FilledText {
  /// The most columns of a page: longer lines are hard to read.
  package static let width = 80

  /// Lists terms with their texts, which stand in a column of their own.
  ///
  /// - Parameters:
  ///   - entries: the terms and the texts, which are filled
  ///   - width: columns of the page
  /// - Returns: lines, the last one ended
  package static func list(
    _ entries: [(term: String, text: String)], width: Int = width
  ) -> String {
    let column = min(28, (entries.map(\.term.count).max() ?? 0) + 2)
    return entries.map { entry in
      let indent = String(repeating: " ", count: column + 2)
      let lines = wrapped(entry.text, to: max(16, width - column - 2))
      let first =
        entry.term.count + 2 > column
        ? "  \(entry.term)\n\(indent)"
        : "  " + entry.term + String(repeating: " ", count: column - entry.term.count)
      return first + lines.joined(separator: "\n" + indent) + "\n"
    }.joined()
  }

  /// Fills the paragraphs of a text to the width of the page; indented lines stay as they are.
  ///
  /// - Parameters:
  ///   - text: lines of a text
  ///   - width: columns of the page
  /// - Returns: lines, the last one ended
  package static func reflowed(_ text: String, width: Int = width) -> String {
    var lines: [String] = []
    var paragraph = ""
    func endParagraph() {
      if !paragraph.isEmpty { lines += wrapped(paragraph, to: width) }
      paragraph = ""
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty || line.first == " " {
        endParagraph()
        lines.append(String(line))
      } else {
        paragraph += " " + line
      }
    }
    endParagraph()
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      if let last = lines.last, !last.isEmpty, last.count + 1 + word.count > width {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
      }
    }
    return lines
  }
}
