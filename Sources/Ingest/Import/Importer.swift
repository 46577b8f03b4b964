package import MariaDBClient

/// Imports a file: reads, converts, stages and upserts it batch by batch, and records the counts.
///
/// Every record read is loaded, updated, a duplicate or quarantined, and each batch is one
/// transaction together with its counts. An interrupted import can simply be repeated.
package struct Importer: Sendable {
  private let connection: Connection
  private let batchRecords: Int
  private let batchBytes: Int

  /// Makes an importer.
  ///
  /// - Parameters:
  ///   - connection: a connection to a deployed schema, without an open transaction.
  ///   - batchRecords: the most records of one transaction.
  ///   - batchBytes: about the most bytes of one batch in memory; three exist at a time, plus what
  ///     the allocator keeps of grown arrays.
  package init(
    connection: Connection, batchRecords: Int = 5000, batchBytes: Int = 2 << 20
  ) {
    self.connection = connection
    self.batchRecords = batchRecords
    self.batchBytes = batchBytes
  }

  /// Imports one file.
  ///
  /// - Parameters:
  ///   - source: where the bytes come from.
  ///   - fileName: the name to keep in `import_runs`, without folders.
  ///   - mapping: how records become rows.
  ///   - sourceName: source system under which natural keys are kept; the mapping's when nil.
  ///   - progress: called after each batch.
  /// - Returns: the counts and remarks.
  /// - Throws: ``ImportError`` or `DatabaseError`; the run is then marked as failed or interrupted,
  ///   and the changes of earlier batches stay.
  package func run(
    source: ImportSource, fileName: String, mapping: Mapping, sourceName: String? = nil,
    progress: @Sendable (ImportProgress) -> Void = { _ in }
  ) async throws -> ImportSummary {
    let sourceName = sourceName ?? mapping.defaultSource
    guard Mapping.isName(sourceName, limit: 40) else {
      throw ImportError(
        .badMapping, "the source must be 1 to 40 letters, digits, -, _ or .")
    }
    let importID = try await start(
      source: sourceName, fileName: fileName, mapping: mapping.name)
    let reader = BatchReader(
      source: source, mapping: mapping, batchRecords: batchRecords, batchBytes: batchBytes)
    do {
      let layout = try await reader.open()
      let run = ImportRun(
        importID: importID, source: sourceName, file: layout.file,
        stagingColumns: layout.stagingColumns)
      let counts = try await pump(reader, layout: layout, run: run, progress: progress)
      return try await finish(run, counts: counts, layout: layout, ending: await reader.ending)
    } catch {
      // The statement of a cancelled task may be killed before the task notices the cancellation.
      let isInterruption = error is CancellationError || Task.isCancelled
      await close(
        importID, after: error, isInterruption: isInterruption,
        checksum: await reader.ending.checksum)
      if isInterruption {
        throw ImportError(
          .interrupted, "the import was interrupted", hint: "run the same command again")
      }
      throw error
    }
  }

  private func start(source: String, fileName: String, mapping: String) async throws -> Int64 {
    do {
      let result = try await connection.query(
        "CALL start_import(?, ?, ?)",
        [.text(source), .text(String(fileName.prefix(255))), .text(mapping)])
      guard let id = result.rows.first?.integer("import_id") else {
        throw ImportError(.mismatch, "the database gave the import no number")
      }
      return id
    } catch let error as DatabaseError where error.errno == 30_800 {
      throw ImportError(
        .busy, "another import of source \(source) is running", hint: "wait until it has ended")
    }
  }

  /// Applies batches while the next one is being read.
  private func pump(
    _ reader: BatchReader, layout: BatchReader.Layout, run: ImportRun,
    progress: @Sendable (ImportProgress) -> Void
  ) async throws -> ImportCounts {
    try await connection.prepareImport(layout)
    var total = ImportCounts()
    var current = try await reader.next()
    while let batch = current {
      try Task.checkCancellation()
      async let following = reader.next()
      total.add(try await connection.apply(batch, of: run))
      progress(ImportProgress(byteCount: batch.byteCount, counts: total))
      current = try await following
    }
    try Task.checkCancellation()
    return total
  }

  private func finish(
    _ run: ImportRun, counts: ImportCounts, layout: BatchReader.Layout, ending: BatchReader.Ending
  ) async throws -> ImportSummary {
    guard counts.addsUp, counts.read == ending.recordCount else {
      throw ImportError(
        .mismatch, "\(ending.recordCount) records were read, but \(counts.read) accounted for")
    }
    let stored = try await connection.counts(
      "CALL finish_import(?, ?, ?, ?)",
      [.integer(run.importID), "completed", .text(ending.checksum), .null])
    guard stored == counts else {
      throw ImportError(.mismatch, "the counts of the run and of its batches differ")
    }
    return ImportSummary(
      importID: run.importID, source: run.source, target: run.file.target, counts: counts,
      checksum: ending.checksum, remarks: remarks(layout: layout, ending: ending))
  }

  private func remarks(layout: BatchReader.Layout, ending: BatchReader.Ending) -> [String] {
    var remarks: [String] = []
    if ending.recordCount == 0 { remarks.append("the file has a header and no records") }
    if ending.blankLineCount > 0 {
      remarks.append("\(ending.blankLineCount) empty lines were skipped")
    }
    if ending.endsWithoutNewline {
      remarks.append("the last line has no line end: the file may have been cut off there")
    }
    if !layout.unusedHeaders.isEmpty {
      remarks.append(
        "columns that the mapping does not use: " + layout.unusedHeaders.joined(separator: ", "))
    }
    return remarks
  }

  /// Marks a run as failed or interrupted; the error that ended it matters more than a further one.
  private func close(
    _ importID: Int64, after error: any Error, isInterruption: Bool, checksum: String
  ) async {
    // Twice, since a kill that was meant for an earlier statement may hit the first call.
    for _ in 0..<2 {
      let result = try? await connection.query(
        "CALL finish_import(?, ?, ?, ?)",
        [
          .integer(importID), .text(isInterruption ? "interrupted" : "failed"), .text(checksum),
          .text(String((isInterruption ? "cancelled" : "\(error)").prefix(255))),
        ])
      if result != nil { return }
    }
  }
}
