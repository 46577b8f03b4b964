internal import Foundation

/// The syntax of one line of an option file.
enum OptionLine {
  /// Parses a line.
  ///
  /// - Parameters:
  ///   - line: the line without surrounding white space.
  ///   - group: its group.
  ///   - place: file and line, for messages.
  static func parse(_ line: String, group: String, place: String) throws(SettingsError)
    -> OptionFile.Option
  {
    let equals = line.firstIndex(of: "=")
    var name = line[..<(equals ?? line.endIndex)]
    if equals == nil, let comment = name.firstIndex(of: "#") { name = name[..<comment] }
    var key = name.trimmingCharacters(in: .whitespaces).lowercased()
      .replacingOccurrences(of: "_", with: "-")
    let isLoose = key.hasPrefix("loose-")
    if isLoose { key.removeFirst("loose-".count) }
    guard !key.isEmpty else {
      throw SettingsError(code: .malformedFile, description: "\(place): an option has no name")
    }
    var value: String?
    if let equals { value = try self.value(of: line[line.index(after: equals)...], place: place) }
    return OptionFile.Option(group: group, name: key, value: value, isLoose: isLoose)
  }

  /// A value without its quotes and escapes, and without a comment.
  private static func value(of text: Substring, place: String) throws(SettingsError) -> String {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    guard let quote = trimmed.first, quote == "\"" || quote == "'" else {
      return unescape(withoutComment(trimmed))
    }
    var inside = ""
    var isEscaped = false
    var position = trimmed.index(after: trimmed.startIndex)
    while position < trimmed.endIndex {
      let character = trimmed[position]
      position = trimmed.index(after: position)
      if isEscaped {
        inside += "\\\(character)"
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == quote {
        let rest = trimmed[position...].trimmingCharacters(in: .whitespaces)
        guard rest.isEmpty || rest.hasPrefix("#") else {
          throw SettingsError(
            code: .malformedFile, description: "\(place): something follows the quoted value")
        }
        return unescape(inside)
      } else {
        inside.append(character)
      }
    }
    throw SettingsError(code: .malformedFile, description: "\(place): a quote is not closed")
  }

  /// The text up to a `#`, which starts a comment anywhere outside of quotes.
  private static func withoutComment(_ text: String) -> String {
    text.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
  }

  /// Replaces `\b \t \n \r \\ \s \" \'`; any other backslash stays.
  private static func unescape(_ text: String) -> String {
    var result = ""
    var isEscaped = false
    for character in text {
      guard isEscaped else {
        if character == "\\" { isEscaped = true } else { result.append(character) }
        continue
      }
      isEscaped = false
      switch character {
      case "b": result += "\u{8}"
      case "t": result += "\t"
      case "n": result += "\n"
      case "r": result += "\r"
      case "s": result += " "
      case "\\", "\"", "'": result.append(character)
      default: result += "\\\(character)"
      }
    }
    return isEscaped ? result + "\\" : result
  }
}
