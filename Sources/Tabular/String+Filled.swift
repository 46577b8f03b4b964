extension String {
  /// The text in lines that are broken at blanks.
  ///
  /// - Parameters:
  ///   - indent: blanks before each line but the first
  ///   - width: columns of a line
  ///   - column: where the first line begins; at the indent when nil
  /// - Returns: lines, each with its line end
  package func filled(indent: Int, width: Int, column: Int? = nil) -> String {
    var result = ""
    var used = column ?? indent
    var isFirst = true
    for word in split(separator: " ") {
      let length = String(word).displayWidth
      if !isFirst, used + 1 + length > width {
        result += "\n" + String(repeating: " ", count: indent)
        used = indent
      } else if !isFirst {
        result += " "
        used += 1
      }
      result += word
      used += length
      isFirst = false
    }
    return result + "\n"
  }

  /// The text without blanks at its end.
  package var withoutFinalBlanks: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
