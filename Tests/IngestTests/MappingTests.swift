import Testing

@testable import Ingest

@Suite("Mappings")
struct MappingTests {
  @Test(
    "each built-in mapping can be read and has its own name", arguments: BuiltInMappings.names)
  func builtIn(name: String) throws {
    let mapping = try BuiltInMappings.resolve(name)
    #expect(mapping.name == name)
    #expect(mapping.defaultSource == name)
  }

  @Test("an unknown mapping name is an error that lists the names")
  func unknown() throws {
    let error = #expect(throws: ImportError.self) { try BuiltInMappings.resolve("card") }
    #expect(error?.code == .unknownMapping)
    #expect(error?.hint?.contains("cards") == true)
    #expect(throws: ImportError.self) { try BuiltInMappings.resolve("missing.json") }
  }

  @Test(
    "a mapping that contradicts itself is refused with the reason",
    arguments: [
      ("{", "not JSON"), ("[]", "wrong type"), ("{\"version\": 1}", "key name is missing"),
      (#"{"version": 2, "name": "x", "files": []}"#, "version 2 is not known"),
      (#"{"version": 1, "name": "x y", "files": []}"#, "the name must be"),
      (#"{"version": 1, "name": "x", "files": []}"#, "describes no file"),
      (
        #"{"version": 1, "name": "x", "files": [{"target": "users", "columns": []}]}"#,
        "not allowed"
      ),
      (
        #"{"version": 1, "name": "x", "files": [{"target": "accounts", "columns": []}]}"#,
        "column currency is not filled"
      ),
      (
        #"""
        {"version": 1, "name": "x", "files": [{"target": "imported_status_counts",
          "naturalKey": ["a"], "constants": {"metric_minute": "2025-01-01", "member": "x",
          "payment_count": "1"}, "columns": []}]}
        """#, "has a key of its own"
      ),
      (
        #"""
        {"version": 1, "name": "x", "files": [{"target": "imported_status_counts",
          "columns": [{"from": "a", "to": "member"}, {"from": "b", "to": "member"}]}]}
        """#, "column member is filled twice"
      ),
      (
        #"""
        {"version": 1, "name": "x", "files": [{"target": "imported_status_counts",
          "columns": [{"from": "a", "to": "amount"}]}]}
        """#, "there is no column amount"
      ),
      (
        #"""
        {"version": 1, "name": "x", "files": [{"target": "imported_status_counts",
          "delimiter": "ab", "columns": []}]}
        """#, "delimiter must be one ASCII character"
      ),
    ])
  func refused(json: String, reason: String) {
    let error = #expect(throws: ImportError.self) {
      try Mapping(json: Array(json.utf8), label: "test")
    }
    #expect(error?.code == .badMapping)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }
}
