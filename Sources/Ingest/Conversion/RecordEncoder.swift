import PayopsCore

/// Turns the records of one file into rows of the target's staging table.
struct RecordEncoder {
  private enum Source {
    case field(index: Int, header: String, converter: FieldConverter)
    case constant([UInt8])
  }

  /// The mapping of the file.
  let file: FileMapping
  /// The staging columns in the order in which rows are written.
  let stagingColumns: [String]
  /// Which column of the file fills which staging column.
  let headers: [(target: String, header: String)]
  /// Columns of the file that the mapping does not mention.
  let unusedHeaders: [String]

  private var sources: [(column: ImportTarget.Column, source: Source)] = []
  private let keyIndexes: [Int]
  private let fieldCount: Int
  private var key: [UInt8] = []

  /// Prepares the conversion of a file.
  ///
  /// - Parameters:
  ///   - file: the mapping of the file.
  ///   - header: the columns of the file.
  /// - Throws: ``ImportError`` when the header lacks a column or has one twice.
  init(file: FileMapping, header: [String]) throws(ImportError) {
    self.file = file
    fieldCount = header.count
    var places: [String: Int] = [:]
    for (index, name) in header.enumerated() {
      if places.updateValue(index, forKey: name) != nil, file.mentions(name) {
        throw ImportError(.badHeader, "the header has column \(name) twice")
      }
    }
    let known = Dictionary(uniqueKeysWithValues: file.target.columns.map { ($0.name, $0) })
    for column in file.columns {
      guard let target = known[column.to], let index = places[column.from] else { continue }
      let converter = try FieldConverter(column, kind: target.kind, file: file)
      sources.append((target, .field(index: index, header: column.from, converter: converter)))
    }
    for (name, value) in (file.constants ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let target = known[name] else { continue }
      var constant: [UInt8] = []
      var converter = try FieldConverter(
        ColumnMapping(from: name, to: name), kind: target.kind, file: file)
      let outcome = Array(value.utf8).withUnsafeBufferPointer {
        converter.convert($0, into: &constant)
      }
      guard case .written = outcome else {
        throw ImportError(.badMapping, "the constant for column \(name) does not fit it")
      }
      sources.append((target, .constant(constant)))
    }
    keyIndexes = (file.naturalKey ?? []).compactMap { places[$0] }
    headers = file.columns.filter { places[$0.from] != nil }.map { ($0.to, $0.from) }
    unusedHeaders = header.filter { !file.mentions($0) && !(file.ignored ?? []).contains($0) }
    stagingColumns =
      ["record_number", "line_number"] + (keyIndexes.isEmpty ? [] : ["external_id"])
      + (file.target.hasFormerKeys ? ["former_id"] : [])
      + sources.map(\.column.name) + ["raw_line"]
  }

  /// Appends the row of the reader's current record.
  ///
  /// - Parameters:
  ///   - reader: positioned at the record.
  ///   - number: number of the record in the file.
  ///   - output: the row is appended; nothing when the record is refused.
  /// - Returns: the refused record; nil when it was written.
  mutating func encode(_ reader: CSVReader, number: Int64, into output: inout [UInt8])
    -> RefusedRecord?
  {
    guard reader.fieldCount == fieldCount else {
      let isCut = reader.fieldCount < fieldCount && reader.endsWithoutNewline
      return reader.refuse(
        "\(reader.fieldCount) fields where the header has \(fieldCount)"
          + (isCut ? "; the file ends inside this record" : ""))
    }
    let start = output.count
    LoadText.append(number, to: &output)
    output.append(0x09)
    LoadText.append(reader.line, to: &output)
    if !keyIndexes.isEmpty {
      output.append(0x09)
      if let problem = appendKey(reader, into: &output) {
        output.removeSubrange(start...)
        return problem
      }
    }
    for index in sources.indices {
      output.append(0x09)
      switch sources[index].source {
      case .constant(let bytes): output.append(contentsOf: bytes)
      case .field(let field, let header, var converter):
        if sources[index].column.isFreeText, reader.withField(field, { CardNumber.isIn($0) }) {
          output.removeSubrange(start...)
          return reader.refuse(column: header, "the text holds the number of a payment card")
        }
        let outcome = reader.withField(field) { converter.convert($0, into: &output) }
        sources[index].source = .field(index: field, header: header, converter: converter)
        switch outcome {
        case .written: break
        case .null where !sources[index].column.isRequired && !isReference(index):
          output.append(contentsOf: LoadText.null)
        case .null:
          output.removeSubrange(start...)
          return reader.refuse(column: header, "there is no value")
        case .wrong(let reason):
          output.removeSubrange(start...)
          return reader.refuse(column: header, reason)
        }
      }
    }
    output.append(0x09)
    appendRaw(reader.raw, to: &output)
    output.append(0x0a)
    return nil
  }

  /// Whether a record must name its account in this column.
  private func isReference(_ index: Int) -> Bool {
    let name = sources[index].column.name
    return name == "transaction_id" || file.target.alternatives.contains { $0.contains(name) }
  }

  private mutating func appendKey(_ reader: CSVReader, into output: inout [UInt8]) -> RefusedRecord?
  {
    key.removeAll(keepingCapacity: true)
    for (position, index) in keyIndexes.enumerated() {
      if position > 0 { key.append(UInt8(ascii: "|")) }
      let before = key.count
      reader.withField(index) { key.append(contentsOf: FieldConverter.trim($0)) }
      if key.count == before {
        return reader.refuse(column: file.naturalKey?[position], "the natural key has no value")
      }
    }
    LoadText.append(key, to: &output)
    guard file.target.hasFormerKeys else { return nil }
    output.append(0x09)
    if key.count > KeyDigest.limit {
      LoadText.append(KeyDigest.former(key).utf8, to: &output)
    } else {
      output.append(contentsOf: LoadText.null)
    }
    return nil
  }

  private func appendRaw(_ raw: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    var count = min(raw.count, RefusedRecord.maximumRawBytes)
    // Not in the middle of a character.
    while count < raw.count, count > 0, raw[count] & 0xc0 == 0x80 { count -= 1 }
    LoadText.append(
      CardNumber.masked(UnsafeBufferPointer(rebasing: raw[..<count])), to: &output)
  }
}

extension FileMapping {
  /// Whether a column of the file is used.
  func mentions(_ header: String) -> Bool {
    columns.contains { $0.from == header } || (naturalKey ?? []).contains(header)
  }
}

extension ColumnMapping {
  /// Maps a column by name, with defaults for the rest.
  init(from: String, to: String) {
    self.from = from
    self.to = to
  }
}
