internal import PayopsCore

extension StatementText {
  /// The statement with each placeholder replaced by a literal.
  ///
  /// - Parameters:
  ///   - parameters: one value for each placeholder.
  ///   - escape: escapes the inside of a quoted text in the connection's character set.
  /// - Returns: the bytes to send.
  /// - Throws: ``DatabaseError`` when the counts differ or a value has no literal.
  func binding(_ parameters: [SQLValue], escape: ([UInt8]) -> [UInt8]) throws(DatabaseError)
    -> [UInt8]
  {
    let positions = placeholders
    guard positions.count == parameters.count else {
      throw DatabaseError(
        code: .parameterCount,
        serverMessage: "\(positions.count) placeholders, \(parameters.count) values",
        context: label)
    }
    var output: [UInt8] = []
    output.reserveCapacity(sql.count + parameters.count * 16)
    var start = 0
    for (position, parameter) in zip(positions, parameters) {
      output += sql[start..<position]
      try append(parameter, to: &output, escape: escape)
      start = position + 1
    }
    output += sql[start...]
    return output
  }

  private func append(
    _ parameter: SQLValue, to output: inout [UInt8], escape: ([UInt8]) -> [UInt8]
  ) throws(DatabaseError) {
    switch parameter {
    case .null: output += "NULL".utf8
    case .integer(let number): output += "\(number)".utf8
    case .double(let number):
      guard number.isFinite else {
        throw DatabaseError(
          code: .unusableValue, serverMessage: "not a finite number", context: label)
      }
      // The shortest text that reads back as the same number; the exponent makes it a DOUBLE,
      // where 0.1 alone would be a DECIMAL.
      let text = "\(number)"
      output += (text.contains("e") ? text : text + "e0").utf8
    case .text(let text):
      output.append(UInt8(ascii: "'"))
      output += escape(Array(text.utf8))
      output.append(UInt8(ascii: "'"))
    case .bytes(let bytes):
      output += "x'".utf8
      Hexadecimal.append(bytes, to: &output)
      output.append(UInt8(ascii: "'"))
    }
  }
}
