import PayopsCore
import Testing

@testable import Ingest

@Suite("CSV reader")
struct CSVReaderTests {
  @Test(
    "the CSV reader accepts everything that RFC 4180 allows",
    arguments: [
      ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
      ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
      ("a,b\r1,2", [["a", "b"], ["1", "2"]]),
      ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
      ("\u{FEFF}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
      ("a,b\n\"1,5\",\"say \"\"no\"\"\"\n", [["a", "b"], ["1,5", "say \"no\""]]),
      ("a,b\n\"x\r\ny\",z\n", [["a", "b"], ["x\r\ny", "z"]]),
      ("a,b\n,\n", [["a", "b"], ["", ""]]),
      ("a,b\n\"\",\"\"\n", [["a", "b"], ["", ""]]),
      ("a,b\nin\"side,2\n", [["a", "b"], ["in\"side", "2"]]),
      ("a,b\n\n1,2\n\n\n", [["a", "b"], ["1", "2"]]),
      ("żółw,b\n東京,🙂\n", [["żółw", "b"], ["東京", "🙂"]]),
    ])
  func reads(text: String, records: [[String]]) throws {
    let reading = try Fixtures.read(text)
    #expect(reading.records == records)
    #expect(reading.refused == [])
  }

  @Test("the line on which each record begins is right, also after fields with line ends")
  func lines() throws {
    let reading = try Fixtures.read("a,b\n\"x\ny\n\",1\n\n2,3\r\n\"4\",5\n")
    #expect(reading.lines == [1, 2, 6, 7])
  }

  @Test(
    "the CSV reader refuses an invalid record and continues",
    arguments: [
      ("a,b\n\"x\"y,1\n2,3\n", 2, "there is text after a closing quote in field 1"),
      ("a,b\n1,\u{0}\n2,3\n", 2, "the record holds a NUL byte"),
      ("a,b\n<<<<<<< HEAD\n2,3\n", 2, "conflict marker of a version control merge"),
      ("a,b\n2,3\n=======\n", 3, "conflict marker of a version control merge"),
      ("a,b\n2,3\n>>>>>>> other\n", 3, "conflict marker of a version control merge"),
      ("a,b\n2,3\n4,\"5\n6,7\n", 3, "a quote that is opened here is never closed"),
    ])
  func refuses(text: String, line: Int64, reason: String) throws {
    let reading = try Fixtures.read(text)
    #expect(reading.records == [["a", "b"], ["2", "3"]])
    #expect(reading.refused.map(\.line) == [line])
    #expect(reading.refused.map(\.reason) == [reason])
  }

  @Test("a record that is not UTF-8 is refused with its bytes")
  func invalidUTF8() throws {
    for wrong: [UInt8] in [
      [0xff], [0xc0, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe9],
    ] {
      let reading = try Fixtures.read(
        Array("a,b\n1,".utf8) + wrong + Array("\n2,3\n".utf8))
      #expect(reading.records == [["a", "b"], ["2", "3"]])
      #expect(reading.refused.map(\.raw) == [Array("1,".utf8) + wrong])
      #expect(reading.refused.first?.reason == "the record is not valid UTF-8")
    }
  }

  @Test("a record of 10 MB is skipped without being stored", arguments: [false, true])
  func oversized(isQuoted: Bool) throws {
    let long = [UInt8](repeating: UInt8(ascii: isQuoted ? "\n" : "x"), count: 10_000_000)
    let mark: [UInt8] = isQuoted ? [0x22] : []
    let bytes = Array("a,b\n1,".utf8) + mark + long + mark + Array("\n2,3\n".utf8)
    let reader = CSVReader(MemoryByteSource(bytes), format: CSVFormat())
    var records: [[String]] = []
    var refused: [RefusedRecord] = []
    while let element = try reader.next() {
      switch element {
      case .record: records.append((0..<reader.fieldCount).map(reader.text))
      case .refused(let record): refused.append(record)
      }
    }
    #expect(records == [["a", "b"], ["2", "3"]])
    #expect(refused.map(\.reason) == ["the record is longer than 1048576 bytes"])
    #expect(refused.map(\.raw.count) == [65_536])
    #expect(reader.line == (isQuoted ? 10_000_003 : 3))
    #expect(reader.capacity <= 4 << 20)
  }

  @Test("a file that is not text in UTF-8 is refused with its kind")
  func foreignFiles() throws {
    let utf16: [UInt8] =
      [0xff, 0xfe] + "a,b\n1,2\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    for bytes in [
      utf16, Array(utf16.dropFirst(2)), [0xfe, 0xff, 0, 0x61], Array("PK\u{3}\u{4}".utf8),
    ] {
      let error = #expect(throws: ImportError.self) { try Fixtures.read(bytes) }
      #expect(error?.code == .wrongFormat)
    }
  }

  @Test("the CSV reader reads tabs, semicolons and files without quotes")
  func formats() throws {
    let tabs = CSVFormat(delimiter: 0x09, quote: nil)
    #expect(try Fixtures.read("a\t\"b\n", format: tabs).records == [["a", "\"b"]])
    let semicolons = CSVFormat(delimiter: UInt8(ascii: ";"), quote: UInt8(ascii: "'"))
    #expect(try Fixtures.read("'a;b';c\n", format: semicolons).records == [["a;b", "c"]])
  }

  @Test("the CSV reader reads back what the writer wrote, in reads of any size")
  func roundTrip() throws {
    var random = SeededRandom(seed: 11)
    let alphabet = ["a", "7", ",", "\"", "\n", "\r\n", "\r", " ", "é", "🙂", "\t", "", "\\", "="]
    for _ in 0..<300 {
      let width = Int.random(in: 1...5, using: &random)
      let records = (0..<Int.random(in: 1...20, using: &random)).map { _ in
        (0..<width).map { _ in
          (0..<Int.random(in: 0...6, using: &random)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
          }.joined()
        }
      }
      var writer = CSVWriter(lineEnd: Bool.random(using: &random) ? "\n" : "\r\n")
      for record in records { writer.write(record, quotesAll: Bool.random(using: &random)) }
      let bytes = writer.take()
      let chunk = Int.random(in: 1...50, using: &random)
      let reading = try Fixtures.read(bytes, chunk: chunk, capacity: 16)
      // A record of "=======" alone would pass for a conflict marker; none here is so long.
      #expect(reading.records == records)
      #expect(reading.refused == [])
    }
  }

  @Test("every line of a damaged file is accounted for, whatever the damage and the chunks")
  func mutations() throws {
    var random = SeededRandom(seed: 12)
    let clean = Array(
      ("a,b,c\n" + (1...40).map { "\($0),\"x\($0)\",y\n" }.joined()).utf8)
    for _ in 0..<2_000 {
      var bytes = clean
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { bytes = [0x61] }
      }
      let whole = try? Fixtures.read(bytes)
      let pieces = try? Fixtures.read(
        bytes, chunk: Int.random(in: 1...9, using: &random), capacity: 16)
      #expect(whole == pieces)
      // All bytes are in some record, except line ends, quotes and delimiters.
      if let whole, whole.refused.isEmpty {
        let letters = bytes.count { $0 != 0x22 && $0 != 0x2c && $0 != 0x0a && $0 != 0x0d }
        let read = whole.records.joined().map { field in
          field.utf8.count { $0 != 0x22 && $0 != 0x2c && $0 != 0x0a && $0 != 0x0d }
        }.reduce(0, +)
        #expect(read == letters)
      }
    }
  }
}
