import './style.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from '@tanstack/react-router';
import { QueryClientProvider } from '@tanstack/react-query';
import { createQueries } from '#api';
import { createConsoleRouter } from './router.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the document has no #root');
// A form that was sent before this ran has its own address; what it did stays on the page of its run.
const [, leverRun] = /^\/levers\/([^/]+)\//.exec(location.pathname) ?? [];
if (leverRun !== undefined) history.replaceState(null, '', leverRun === 'all' ? '/' : `/runs/${leverRun}`);
const queries = createQueries();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={createConsoleRouter(queries)} />
    </QueryClientProvider>
  </StrictMode>,
);
