use rootlake_io::{file::*, object::*, tree::*};
fn main() {
    for path in std::env::args().skip(1) {
        let bytes = bytes::Bytes::from(std::fs::read(&path).unwrap());
        let file = match RootFile::open(bytes, &path) { Ok(f) => f, Err(e) => { println!("OPEN {e}"); continue } };
        let layouts = match file.layouts() { Ok(l) => l, Err(e) => { println!("INFO {e}"); continue } };
        let keys = match file.walk() { Ok(k) => k, Err(e) => { println!("WALK {e}"); continue } };
        for (p, key) in keys {
            if Tree::is_tree(&key) {
                match Tree::read(&file, &key, &layouts) {
                    Ok(t) => { let ok = t.branches.iter().filter(|b| b.kind.is_some() && b.problem.is_none()).count();
                      println!("tree {path} {p};{} {} entries, {} branches {} ok, {} baskets", key.cycle, t.entries, t.branches.len(), ok, t.branches.iter().map(|b| b.baskets.len()).sum::<usize>());
                      let content = file.content(&key).unwrap();
                      let back = write_graph(&t.graph, key.key_length.into()).unwrap();
                      if back != content[..] { println!("   DIFFERS {} {} at {:?}", back.len(), content.len(), back.iter().zip(content.iter()).position(|(a,b)| a!=b)); }
                      let mut seen = std::collections::BTreeMap::new();
                      for b in &t.branches { if let Some(p) = &b.problem { if b.kind.is_none() || true {*seen.entry(p.clone()).or_insert(0) += 1;} } }
                      for (p, n) in seen.iter().take(6) { println!("     {n} x {p}"); }
                    }
                    Err(e) => println!("TREE {path} {e}"),
                }
            } else { match file.object(&key, &layouts) { Ok(g) => { let content = file.content(&key).unwrap();
               match write_graph(&g, key.key_length.into()) { Ok(back) => if back != content[..] {println!("   {path} {} {} DIFFERS {} {}", key.class, key.name, back.len(), content.len())}, Err(e) => println!("   WRITE {path} {e}") } }, Err(e) => println!("OBJ {path} {} {e}", key.class) } }
        }
    }
}
