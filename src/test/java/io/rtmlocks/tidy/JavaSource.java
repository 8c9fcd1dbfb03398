// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A Java file with the syntax tree the compiler's parser makes of it; names in it are not resolved. */
record JavaSource(TextFile file, CompilationUnitTree tree, DocTrees trees) {

    static List<JavaSource> parse(List<TextFile> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> inputs = files.stream().map(JavaSource::input).toList();
        if (inputs.isEmpty()) {
            return List.of();
        }
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, inputs);
        try {
            Iterator<? extends CompilationUnitTree> parsed = task.parse().iterator();
            List<JavaSource> sources = new ArrayList<>();
            for (TextFile file : files) {
                sources.add(new JavaSource(file, parsed.next(), DocTrees.instance(task)));
            }
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JavaFileObject input(TextFile file) {
        URI uri = URI.create("string:///" + file.path().toString().replace('\\', '/'));
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return String.join("\n", file.lines());
            }
        };
    }

    long firstLine(Tree part) {
        return tree.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(tree, part));
    }

    long lastLine(Tree part) {
        return tree.getLineMap().getLineNumber(trees.getSourcePositions().getEndPosition(tree, part));
    }

    boolean hasJavadoc(Tree part) {
        return trees.getDocComment(TreePath.getPath(tree, part)) != null;
    }

    String finding(Tree part, String what, String remedy) {
        return file.finding(firstLine(part), what, remedy);
    }
}
