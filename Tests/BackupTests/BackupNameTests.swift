import Testing

@testable import Backup
@testable import Restore

@Suite("Names of backups")
struct BackupNameTests {
  private static let instant = "20261129T170000Z"

  @Test(
    "the name of a backup names its schema, whatever its name",
    arguments: ["shop", "a-b", "-", "--", "Zahlungen_1", "süß", String(repeating: "x", count: 64)])
  func ofSchema(schema: String) {
    let name = BackupName.make(schema: schema, timestamp: Self.instant, sequence: 7)
    #expect(BackupName.isOne(name))
    #expect(BackupName.sequence(of: name) == 7)
    #expect(BackupName.isOne(name, of: schema))
    #expect(!BackupName.isOne(name, of: "other"))
    #expect(!BackupName.isOne(name, of: schema + "-" + Self.instant) || schema.count > 60)
  }

  @Test(
    "other texts are not names of backups",
    arguments: [
      "", "shop", "shop-\(instant)", "\(instant)-1", "-\(instant)-1", "shop-\(instant)-",
      "shop-\(instant)-1x", "shop-\(instant)-1234567890", "../shop-\(instant)-1",
      "shop-20261129T17000Z-1", String(repeating: "x", count: 61) + "-\(instant)-1",
    ])
  func otherTexts(text: String) {
    #expect(!BackupName.isOne(text))
    #expect(!BackupName.isOne(text, of: "shop"))
    #expect(BackupName.sequence(of: text) == nil)
  }

  @Test("the name of a backup keeps letters, digits, - and _, and replaces anything else by _")
  func letters() {
    #expect(
      BackupName.make(schema: "aZ09-_ä/. ", timestamp: Self.instant, sequence: 1)
        == "aZ09-_____-\(Self.instant)-1")
  }
}
