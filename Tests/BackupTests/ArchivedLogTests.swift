import Testing

@testable import Backup
@testable import Restore

@Suite("Pieces of an archived log")
struct ArchivedLogTests {
  private func log(_ files: String...) -> ArchivedLog {
    ArchivedLog(name: "binlog.000012", pieces: files.compactMap { ArchivedPiece(file: $0) })
  }

  @Test("pieces of an archived log follow each other from the first byte; a missing piece is a gap")
  func gaps() throws {
    let whole = log("binlog.000012.4-90.zst", "binlog.000012.0-4.zst", "binlog.000012.90-100.zst")
    #expect(whole.pieces.map(\.from) == [0, 4, 90])
    #expect(whole.end == 100)
    #expect(whole.gap == nil)
    let broken = try #require(log("binlog.000012.0-4.zst", "binlog.000012.9-12.zst").gap)
    #expect(broken.from == 4 && broken.to == 9)
    let headless = try #require(
      log("binlog.000012.90-100.zst", "binlog.000012.80-90.zst").gap)
    #expect(headless.from == 0 && headless.to == 80)
    #expect(log().end == 0 && log().gap == nil)
  }

  @Test("a complete archived log is preferred to pieces, then encrypted and longer ones")
  func choice() {
    #expect(log("binlog.000012.0-4.zst", "binlog.000012.100.zst").pieces.map(\.isWhole) == [true])
    #expect(log("binlog.000012.0-4.zst", "binlog.000012.0-8.zst").end == 8)
    #expect(
      log("binlog.000012.0-8.zst", "binlog.000012.0-4.zst.enc").pieces.map(\.isEncrypted) == [true])
  }
}
