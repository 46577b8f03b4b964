/// A derived table of whole numbers in the column `seq`, as MariaDB and MySQL both read it; it needs
/// an alias.
///
/// - Parameter range: the numbers, 2 million at most
package func numbers(_ range: ClosedRange<Int>) -> String {
  let list = "CONCAT('[0', REPEAT(',0', \(range.count - 1)), ']')"
  let offset = range.lowerBound == 1 ? "j.seq" : "j.seq + \(range.lowerBound - 1) AS seq"
  return "(SELECT \(offset) FROM JSON_TABLE(\(list), '$[*]' COLUMNS (seq FOR ORDINALITY)) AS j)"
}
