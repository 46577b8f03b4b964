import Ingest
import PayopsCore
import Testing

@Suite("Series reader")
struct SeriesReaderTests {
  private func records(
    _ text: String, time: String? = nil, value: String? = nil
  ) throws -> [SeriesReader.Record] {
    let reader = try SeriesReader(
      .bytes(Array(text.utf8)), name: "a.csv", time: time, value: value)
    var records: [SeriesReader.Record] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  @Test(
    "the columns of a series are found in any order and case, beside others and a BOM")
  func columns() throws {
    let found = try records(
      "\u{FEFF}note,Value,label,Timestamp\r\n\r\n\"a,b\",-1.5e3,1,2026-01-31T08:00:00Z\r\n,,0,2026-01-31\r\n"
    )
    try #require(found.map(\.value) == [-1500, nil] && found.map(\.text) == ["-1.5e3", ""])
    #expect(found.map(\.label) == ["1", "0"])
    #expect(found[0].time == CivilInstant("2026-01-31 08:00:00"))
    #expect(found[1].timestamp == "2026-01-31")
    #expect(try records("timestamp,value\n").isEmpty)
    #expect(try records("timestamp,value\n2026-01-31,3").map(\.label) == [nil])
  }

  @Test("any two columns make a series, the first two unless others are named")
  func anyColumns() throws {
    let text = "hour,label,sales,returns\n2026-01-31 08:00:00,1,40,2\n"
    #expect(try records(text).map(\.value) == [40])
    #expect(try records(text).map(\.label) == ["1"])
    #expect(try records(text, value: "Returns").map(\.value) == [2])
    #expect(try records("a,when\n5,2026-01-31\n", time: "when").map(\.value) == [5])
    for (time, value) in [("nix", nil), (nil, "nix"), ("sales", "sales")] as [(String?, String?)] {
      #expect(throws: ImportError.self) { _ = try records(text, time: time, value: value) }
    }
  }

  @Test(
    "errors in a series name file, line and column, never the value",
    arguments: [
      ("timestamp,value,value\n", "a.csv, line 1: the header has column value twice"),
      ("timestamp;value\n", "a.csv, line 1: the header has a single column"),
      ("hour,sales\nnoon,3\n", "a.csv, line 2: column hour does not hold a time"),
      ("hour,sales\n2026-01-31,many\n", "a.csv, line 2: column sales does not hold a number"),
      ("timestamp,value\n2026-01-31,0x10\n", "a.csv, line 2: column value does not hold a number"),
      ("timestamp,value\n2026-01-31,inf\n", "a.csv, line 2: column value does not hold a number"),
      ("timestamp,value\n2026-01-31,1e999\n", "a.csv, line 2: column value does not hold a number"),
      ("timestamp,value\n\n2026-13-31,1\n", "a.csv, line 3: column timestamp does not hold a time"),
      (
        "timestamp,value,label\n2026-01-31,1,=A1\n",
        "a.csv, line 2: column label does not hold a number"
      ),
      ("timestamp,value\n2026-01-31,1,2\n", "a.csv, line 2: there are 3 fields, the header has 2"),
      ("", "a.csv is empty"),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: ImportError.self) { _ = try records(text) }
    #expect(error?.message == message)
  }
}
