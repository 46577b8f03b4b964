internal import MariaDBClient

/// The statements inside a body of a routine that MySQL spells in several statements.
///
/// EXECUTE IMMEDIATE becomes PREPARE, EXECUTE and DEALLOCATE. The prepared statement has the name of
/// the routine: a job is a CALL that is executed so, and inside of it no statement of the same name
/// may be prepared. SET STATEMENT becomes SET SESSION before and after. CALL read_error becomes what
/// it does: a routine that a handler calls sees nothing of the error there.
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
      guard Self.pairs.contains(pair) else {
        index += 1
        continue
      }
      let end = tokens[index...].firstIndex { $0.text == ";" } ?? tokens.count
      result += text(copied..<tokens[index].range.lowerBound)
      switch pair {
      case "SET STATEMENT": result += withSetting(index, end)
      case "CALL read_error": result += handledError(index, end)
      default: result += prepared(index, end)
      }
      copied = tokens[end - 1].range.upperBound
      index = end
    }
    return result + text(copied..<bytes.count)
  }

  /// The first two words of each statement that is respelled.
  private static let pairs = ["EXECUTE IMMEDIATE", "SET STATEMENT", "CALL read_error"]

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func text(from first: Int, to end: Int) -> String {
    text(tokens[first].range.lowerBound..<tokens[end - 1].range.upperBound)
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

  /// `CALL read_error(number, state, message)` from one token to another.
  ///
  /// The conditions of a statement begin with notes about rows before the one that failed, and end
  /// with notes that its rollback is not complete (1196, 1751, 1752), that it updated several
  /// tables (1105), or which columns had no value yet (1364). A session with `max_error_count = 0`
  /// has none of them.
  private func handledError(_ begin: Int, _ end: Int) -> String {
    let names = arguments((begin + 3)..<(end - 1))
    let items = zip(names, ["MYSQL_ERRNO", "RETURNED_SQLSTATE", "MESSAGE_TEXT"])
    return """
      GET STACKED DIAGNOSTICS @payops_condition = NUMBER;
      WHILE @payops_condition > 0 DO
      GET STACKED DIAGNOSTICS CONDITION @payops_condition
      \(items.map { "\($0) = \($1)" }.joined(separator: ", "));
      SET @payops_condition = IF(\(names[0]) IN (1105, 1196, 1364, 1751, 1752), @payops_condition - 1, 0);
      END WHILE
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
