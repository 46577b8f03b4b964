internal import MariaDBClient

/// The statements inside a body of a routine that MySQL spells in several statements.
///
/// EXECUTE IMMEDIATE becomes PREPARE, EXECUTE and DEALLOCATE. The prepared statement has the name of
/// the routine: a job is a CALL that is executed so, and inside of it no statement of the same name
/// may be prepared. SET STATEMENT becomes SET SESSION before and after. CALL read_error is written
/// out: on MySQL a procedure does not see the error that the handler that calls it handles.
struct MySQLBody {
  private struct Token {
    let text: String
    let range: Range<Int>
  }

  private let bytes: [UInt8]
  private let tokens: [Token]
  private let name: String

  /// Reads the text of a statement.
  init(_ text: String, name: String) {
    let bytes = Array(text.utf8)
    var tokens: [Token] = []
    SQLScanner.scan(bytes) { part, range in
      switch part {
      case .blank, .lineComment, .comment, .codeBegin, .codeEnd: break
      default:
        tokens.append(Token(text: String(decoding: bytes[range], as: UTF8.self), range: range))
      }
      return true
    }
    self.bytes = bytes
    self.tokens = tokens
    self.name = name
  }

  /// The text with the statements that MySQL has.
  func respelled() -> String {
    var result = ""
    var copied = 0
    var index = 0
    while index + 1 < tokens.count {
      let pair = "\(tokens[index].text) \(tokens[index + 1].text)"
      guard ["EXECUTE IMMEDIATE", "SET STATEMENT", "CALL read_error"].contains(pair) else {
        index += 1
        continue
      }
      let end = tokens[index...].firstIndex { $0.text == ";" } ?? tokens.count
      result += text(copied..<tokens[index].range.lowerBound)
      switch pair {
      case "SET STATEMENT": result += withSetting(index, end)
      case "CALL read_error": result += errorRead(index, end)
      default: result += prepared(index, end)
      }
      copied = tokens[end - 1].range.upperBound
      index = end
    }
    return result + text(copied..<bytes.count)
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func text(from first: Int, to end: Int) -> String {
    text(tokens[first].range.lowerBound..<tokens[end - 1].range.upperBound)
  }

  /// `CALL read_error(number, state, message)`: the error is the last condition, if any is kept;
  /// an update of several tables adds 1105 to what made it fail.
  private func errorRead(_ begin: Int, _ end: Int) -> String {
    let names = arguments((begin + 3)..<(end - 1))
    guard names.count == 3 else { return text(from: begin, to: end) }
    let read = """
      GET STACKED DIAGNOSTICS CONDITION @payops_place
          \(names[0]) = MYSQL_ERRNO, \(names[1]) = RETURNED_SQLSTATE, \(names[2]) = MESSAGE_TEXT
      """
    return """
      GET STACKED DIAGNOSTICS @payops_place = NUMBER;
      IF @payops_place > 0 THEN
      \(read);
      END IF;
      IF @payops_place > 1 AND \(names[0]) = 1105 THEN
      SET @payops_place = @payops_place - 1;
      \(read);
      END IF
      """
  }

  /// `SET STATEMENT name = value FOR …` from one token to another.
  private func withSetting(_ begin: Int, _ end: Int) -> String {
    let setting = tokens[begin + 2].text
    let value = tokens[begin + 4].text
    return """
      SET @payops_setting = @@\(setting);
      SET SESSION \(setting) = \(value);
      \(text(from: begin + 6, to: end));
      SET SESSION \(setting) = @payops_setting
      """
  }

  /// `EXECUTE IMMEDIATE … USING …` from one token to another.
  private func prepared(_ begin: Int, _ end: Int) -> String {
    let using = place(of: "USING", in: (begin + 2)..<end)
    var lines = ["SET @payops_statement = \(text(from: begin + 2, to: using ?? end))"]
    lines.append("PREPARE payops_\(name) FROM @payops_statement")
    var names: [String] = []
    if let using {
      for (number, argument) in arguments((using + 1)..<end).enumerated() {
        names.append("@payops_argument_\(number + 1)")
        lines.append("SET \(names[number]) = \(argument)")
      }
    }
    let list = names.isEmpty ? "" : " USING \(names.joined(separator: ", "))"
    lines.append("EXECUTE payops_\(name)\(list)")
    // It would count no row; the next PREPARE under the name ends it as well.
    let next = tokens[min(end + 1, tokens.count)...].prefix { $0.text != ";" }
    if !next.contains(where: { $0.text == "ROW_COUNT" }) {
      lines.append("DEALLOCATE PREPARE payops_\(name)")
    }
    return lines.joined(separator: ";\n")
  }

  /// Where a word stands outside of parentheses.
  private func place(of word: String, in range: Range<Int>) -> Int? {
    var depth = 0
    return range.first { index in
      depth += tokens[index].text == "(" ? 1 : tokens[index].text == ")" ? -1 : 0
      return depth == 0 && tokens[index].text == word
    }
  }

  /// The expressions between commas outside of parentheses.
  private func arguments(_ range: Range<Int>) -> [String] {
    var all: [String] = []
    var begin = range.lowerBound
    while let comma = place(of: ",", in: begin..<range.upperBound) {
      all.append(text(from: begin, to: comma))
      begin = comma + 1
    }
    return all + [text(from: begin, to: range.upperBound)]
  }
}
