import Testing

@testable import Ingest

@Suite("Refused records on their way into the database")
struct ImportBatchTests {
  @Test("refused records are cut to the widths of their columns, and keep their bytes")
  func widths() {
    var batch = ImportBatch()
    let long = String(repeating: "é", count: 300)
    batch.refuse(RefusedRecord(line: 7, column: long, reason: long, raw: [0, 0xff, 0x0a]))
    batch.refuse(RefusedRecord(line: 8, column: nil, reason: "a\tb", raw: []))
    let lines = String(decoding: batch.refused, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines == [
        "7\t\(long.prefix(64))\t\(long.prefix(255))\t00FF0A", "8\t\\N\ta\\tb\t", "",
      ])
    #expect(batch.refusedCount == 2)
  }
}
