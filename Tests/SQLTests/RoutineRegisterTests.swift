import Foundation
import Testing

@Suite("Register of routines and error numbers")
struct RoutineRegisterTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The text of each SQL file, by the name of its object.
  private func sources() throws -> [String: String] {
    var found: [String: String] = [:]
    for folder in ["procedures", "sql/triggers"] {
      let base = Self.root.appending(path: folder)
      let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
      for case let file as URL in try #require(files) where file.pathExtension == "sql" {
        found[file.deletingPathExtension().lastPathComponent] = try String(
          contentsOf: file, encoding: .utf8)
      }
    }
    return found
  }

  /// The numbers that a routine raises, itself or through the routines that it calls.
  private func reachable(from name: String, _ sources: [String: String]) -> Set<Int> {
    var open = [name]
    var seen: Set<String> = []
    var numbers: Set<Int> = []
    while let next = open.popLast() {
      guard seen.insert(next).inserted, let text = sources[next] else { continue }
      numbers.formUnion(text.matches(of: /MYSQL_ERRNO = (\d+)/).compactMap { Int($0.1) })
      open += text.matches(of: /CALL (\w+)/).map { String($0.1) }
    }
    return numbers
  }

  /// The rows of the register: routine, numbers.
  private func register() throws -> (routines: [String: Set<Int>], numbers: Set<Int>) {
    let text = try String(
      contentsOf: Self.root.appending(path: "procedures/README.md"), encoding: .utf8)
    var routines: [String: Set<Int>] = [:]
    var numbers: Set<Int> = []
    for line in text.split(separator: "\n") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard let first = cells.first else { continue }
      if let number = Int(first), cells.count == 2 { #expect(numbers.insert(number).inserted) }
      if first.hasPrefix("`"), cells.count == 4 {
        let name = first.trimmingCharacters(in: ["`"])
        let errors = cells[2].split(separator: ",").compactMap {
          Int($0.trimmingCharacters(in: .whitespaces))
        }
        #expect(routines[name] == nil, "\(name) is listed twice")
        routines[name] = Set(errors)
      }
    }
    return (routines, numbers)
  }

  @Test("the register lists every routine, and the numbers that each raises and documents")
  func registerIsTrue() throws {
    let (routines, numbers) = try register()
    let sources = try sources()
    var raised: Set<Int> = []
    for (name, text) in sources {
      let signals = Set(text.matches(of: /MYSQL_ERRNO = (\d+)/).compactMap { Int($0.1) })
      raised.formUnion(signals)
      if text.contains("CREATE OR REPLACE TRIGGER") {
        #expect(signals.isEmpty || routines[name] == signals, "\(name)")
        continue
      }
      let comment = try #require(text.firstMatch(of: /COMMENT '((?:[^']|'')*)'/)?.1, "\(name)")
      let errors = comment.firstMatch(of: /Errors?: ([^.]*)\./)?.1 ?? ""
      let documented = Set(errors.matches(of: /3\d{4}/).compactMap { Int($0.0) })
      #expect(routines[name] == documented, "register and COMMENT of \(name)")
      #expect(signals.isSubset(of: documented), "\(name) raises what its COMMENT does not say")
      #expect(
        documented.isSubset(of: reachable(from: name, sources)),
        "the COMMENT of \(name) names an error that nothing raises")
    }
    #expect(raised == numbers)
    #expect(raised.allSatisfy { (30_000...30_999).contains($0) })
    #expect(Set(routines.keys).isSubset(of: sources.keys))
  }

  @Test("error messages name their routine or table and are short enough")
  func messages() throws {
    for (name, text) in try sources() {
      for message in text.matches(of: /MESSAGE_TEXT\s*=\s*'((?:[^']|'')*)'/).map({ String($0.1) }) {
        let owner = name.components(separatedBy: "_before_")[0].components(
          separatedBy: "_after_")[0]
        #expect(message.hasPrefix("\(owner): "), "\(name): \(message)")
        #expect(message.count <= 128)
        #expect(!message.hasSuffix("."))
      }
    }
  }
}
