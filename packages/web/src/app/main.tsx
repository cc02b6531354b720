import './style.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from '@tanstack/react-router';
import { QueryClientProvider } from '@tanstack/react-query';
import { createQueries } from '#api';
import { createConsoleRouter } from './router.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the document has no #root');
const queries = createQueries();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={createConsoleRouter(queries)} />
    </QueryClientProvider>
  </StrictMode>,
);
