/// Reads a file and converts it, batch by batch, on a queue of its own.
///
/// Memory is bounded by the size of a batch and the longest record, whatever the size of the file.
actor BatchReader {
  /// What the header says about the file.
  struct Layout: Sendable {
    let file: FileMapping
    let stagingColumns: [String]
    let headers: [(target: String, header: String)]
    let unusedHeaders: [String]
  }

  /// The totals at the end of the file.
  struct Ending: Sendable {
    let checksum: String
    let blankLineCount: Int64
    let endsWithoutNewline: Bool
    let recordCount: Int64
  }

  private let queue = ReadingQueue()
  private let source: ImportSource
  private let mapping: Mapping
  private let batchRecords: Int64
  private let batchBytes: Int
  private var checked: CheckedByteSource?
  private var reader: CSVReader?
  private var encoder: RecordEncoder?
  private var recordCount: Int64 = 0
  private var pendingFailure: ImportError?
  private var isFinished = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

  /// Makes a reader; nothing is opened yet.
  init(source: ImportSource, mapping: Mapping, batchRecords: Int, batchBytes: Int) {
    self.source = source
    self.mapping = mapping
    self.batchRecords = Int64(max(batchRecords, 1))
    self.batchBytes = max(batchBytes, 1)
  }

  /// Opens the source and reads the header.
  ///
  /// - Returns: which file of the mapping it is, and how it is staged.
  /// - Throws: ``ImportError``.
  func open() throws(ImportError) -> Layout {
    let checked = CheckedByteSource(try source.open())
    self.checked = checked
    let bytes = GzipByteSource(checked)
    let formats = mapping.files.map(\.format)
    guard let format = formats.first, formats.allSatisfy({ $0 == format }) else {
      throw ImportError(
        .badMapping,
        "mapping \(mapping.name): all files must share delimiter, quote and maximumRecordBytes")
    }
    let reader = CSVReader(bytes, format: format)
    guard let first = try reader.next() else {
      throw ImportError(.empty, "the file is empty", hint: "it needs a header at least")
    }
    if case .refused(let record) = first {
      throw ImportError(.badHeader, "the header cannot be read: \(record.reason)")
    }
    let header = (0..<reader.fieldCount).map { index in
      reader.withField(index) { String(decoding: FieldConverter.trim($0), as: UTF8.self) }
    }
    let file = try choose(header)
    let encoder = try RecordEncoder(file: file, header: header)
    reader.countsBlankLines = header.count == 1
    self.reader = reader
    self.encoder = encoder
    return Layout(
      file: file, stagingColumns: encoder.stagingColumns, headers: encoder.headers,
      unusedHeaders: encoder.unusedHeaders)
  }

  /// Finds the file of the mapping that has all its columns in the header.
  private func choose(_ header: [String]) throws(ImportError) -> FileMapping {
    let names = Set(header)
    let missing = mapping.files.map { $0.requiredHeaders.filter { !names.contains($0) } }
    if let index = missing.firstIndex(where: \.isEmpty) { return mapping.files[index] }
    guard let fewest = missing.min(by: { $0.count < $1.count }) else {
      throw ImportError(.badMapping, "mapping \(mapping.name) describes no file")
    }
    throw ImportError(
      .badHeader,
      "the header lacks \(fewest.count == 1 ? "column" : "columns") "
        + fewest.joined(separator: ", ") + " of mapping \(mapping.name)",
      hint: "check the mapping, its delimiter, and that the first line holds the column names")
  }

  /// Reads the next records.
  ///
  /// - Returns: the next records; nil at the end. What was read before a failure is returned first.
  /// - Throws: ``ImportError`` when the source fails.
  func next() throws(ImportError) -> ImportBatch? {
    if let failure = pendingFailure { throw failure }
    guard !isFinished, let reader, var encoder else { return nil }
    self.encoder = nil
    defer { self.encoder = encoder }
    var batch = ImportBatch()
    batch.firstRecord = recordCount + 1
    do throws(ImportError) {
      while batch.rowCount + batch.refusedCount < batchRecords,
        batch.rows.count + batch.refused.count < batchBytes
      {
        guard let element = try reader.next() else {
          isFinished = true
          break
        }
        recordCount += 1
        switch element {
        case .refused(let record): batch.refuse(record)
        case .record:
          if let record = encoder.encode(reader, number: recordCount, into: &batch.rows) {
            batch.refuse(record)
          } else {
            batch.rowCount += 1
          }
        }
      }
    } catch {
      guard !batch.isEmpty else { throw error }
      pendingFailure = error
    }
    batch.lastRecord = recordCount
    batch.byteCount = checked?.byteCount ?? 0
    return batch.isEmpty ? nil : batch
  }

  /// The totals at the end of the file.
  var ending: Ending {
    Ending(
      checksum: checked?.checksum ?? "", blankLineCount: reader?.blankLineCount ?? 0,
      endsWithoutNewline: reader?.endsWithoutNewline ?? false, recordCount: recordCount)
  }
}
